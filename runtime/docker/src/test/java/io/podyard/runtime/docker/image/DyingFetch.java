package io.podyard.runtime.docker.image;

import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.contract.OpenFence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A process of its own that holds an image, and that ends at once after a step of the store. */
final class DyingFetch {

  static final int DIED = 77;

  /** Patient, and one part after the other, so that it is known what was there. */
  private static final FetchLimits LIMITS =
      new FetchLimits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          3,
          Duration.ofMillis(1),
          Duration.ofSeconds(10),
          1,
          4,
          10 << 20);

  private DyingFetch() {}

  /**
   * @param step after which the process is to end, null for never
   * @param times how often it gets there before
   */
  static Process start(Path folder, String image, ContentStore.@Nullable Step step, int times)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
    command.add(DyingFetch.class.getName());
    command.addAll(List.of(folder.toString(), image, step == null ? "" : step.name(), "" + times));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("child.log").toFile())
        .start();
  }

  static int await(Process process, Path folder) throws Exception {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it hangs: " + Files.readString(folder.resolve("child.log")));
    }
    return process.exitValue();
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    AtomicInteger left = new AtomicInteger(Integer.parseInt(args[3]));
    ContentFolder content = ContentFolder.of(folder.resolve("content"));
    InstantSource clock = InstantSource.system();
    ContentStore store =
        new ContentStore(
            content,
            new ContentRoom(content, 1L << 30, () -> 1L << 40, clock),
            clock,
            step -> {
              if (step.name().equals(args[2]) && left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(DIED);
              }
            });
    try (ImageFetcher fetcher =
        new ImageFetcher(
            new MemoryStore(),
            store,
            new FetcherSettings(
                "child", folder.resolve("child"), LIMITS, false, false, 1L << 40, 1L << 40),
            clock,
            _ -> {})) {
      var _ = new HeldImages(fetcher).hold(order(args[1]), new OpenFence(1), CopyProgress.NONE);
    }
  }

  static ImageCopyOrder order(String image) {
    return new ImageCopyOrder(
        new InstallationId("inst"),
        new HostId("host"),
        new AccountId("alice"),
        "imc-1.1",
        List.of(image),
        List.of(),
        List.of(),
        List.of());
  }
}
