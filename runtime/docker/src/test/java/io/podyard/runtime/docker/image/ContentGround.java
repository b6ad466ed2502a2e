package io.podyard.runtime.docker.image;

import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.pod.PullOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Engines over one content folder. */
abstract class ContentGround extends FetchGround {

  static final InstallationId INSTALLATION = new InstallationId("inst");
  static final String CACHE = "imc-1.1";
  private static final int MOST_LISTINGS = 100;

  final TestImage image = image(TestImage.DOCKER, 1, 300_000);
  final String layer = TestImage.digest(image.layers().getFirst());
  final String config = TestImage.digest(image.config());

  String app() {
    registry.put("app", "1", image);
    return name("app:1");
  }

  ImageFetcher engine(String name, MemoryStore on, ContentStore content) {
    return engine(name, on, content, 1L << 40, 1L << 40);
  }

  ImageFetcher engine(
      String name, MemoryStore on, ContentStore content, long highBytes, long lowBytes) {
    return add(
        new ImageFetcher(
            on,
            content,
            new FetcherSettings(
                name, folder.resolve(name), LIMITS, false, false, highBytes, lowBytes),
            InstantSource.system(),
            _ -> {},
            pauses::add,
            new Random(7)));
  }

  ContentStore content(long mostBytes, ContentRoom.Disk disk) throws IOException {
    ContentFolder content = ContentFolder.of(folder.resolve("content"));
    return new ContentStore(
        content,
        new ContentRoom(content, mostBytes, disk, InstantSource.system()),
        InstantSource.system(),
        _ -> {});
  }

  static ImageCopyOrder copy(String cache, String image, RegistryCredential... logins) {
    return new ImageCopyOrder(
        INSTALLATION,
        new HostId("host"),
        ALICE,
        cache,
        List.of(image),
        List.of(logins),
        List.of(),
        List.of());
  }

  HeldImage hold(ImageFetcher by, String cache, String image) throws Exception {
    return new HeldImages(by).hold(copy(cache, image), FENCE, CopyProgress.NONE).getFirst();
  }

  static PullOrder cached(AccountId account, HeldImage held, boolean always) {
    return new PullOrder(
        account,
        GROUP,
        held.image(),
        0,
        List.of(),
        List.of(),
        List.of(),
        new CachedImage(held.image(), held.digest(), CACHE),
        always);
  }

  Path blob(String digest) {
    return folder.resolve("content/blobs").resolve(digest.replace(':', '-'));
  }

  /** All files; another process may rename one while they are listed. */
  List<Path> in(String part) throws IOException {
    for (int tries = 1; ; tries++) {
      try (Stream<Path> files = Files.walk(folder.resolve("content").resolve(part))) {
        return files.filter(Files::isRegularFile).toList();
      } catch (UncheckedIOException e) {
        if (tries == MOST_LISTINGS || !(e.getCause() instanceof NoSuchFileException)) {
          throw e;
        }
      }
    }
  }

  static void age(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }
}
