package io.podyard.runtime.docker;

import io.podyard.model.HostId;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.contract.GroupRuntimeContract;
import io.podyard.runtime.docker.testing.CoreDumps;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.ServedFiles;
import io.podyard.runtime.docker.testing.TcpdumpImage;
import io.podyard.runtime.docker.testing.TestRegistry;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real engine. */
@Tag("docker")
class DockerContractTest extends GroupRuntimeContract {

  private static final PodSettings SHORT_BACK_OFF =
      new PodSettings(
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1));

  private static final long MOST_DUMP = 64 << 20;
  private static final TestRegistry REGISTRY = new TestRegistry();
  private static final ServedFiles FILES = new ServedFiles();

  @TempDir private static Path folder;
  private static DockerEngine engine;

  @BeforeAll
  static void open() {
    DockerEngineSettings settings = EngineForTests.settings(folder);
    engine = EngineForTests.engine(settings.with(settings.limits().withCoreDumpBytes(MOST_DUMP)));
    REGISTRY.put("library/busybox", "1", EngineForTests.busybox());
  }

  @AfterAll
  static void shut() {
    if (engine != null) {
      engine.close();
    }
    REGISTRY.close();
    FILES.close();
  }

  @Override
  protected GroupRuntime newRuntime() {
    return new PodRuntime("docker", _ -> engine, InstantSource.system(), SHORT_BACK_OFF);
  }

  @Override
  protected void needDisks() {
    EngineForTests.needDisks();
  }

  @Override
  protected boolean growsInUse() {
    return EngineForTests.growsMountedDisks();
  }

  @Override
  protected List<String> crashing() {
    return List.of(CoreDumps.CRASH);
  }

  @Override
  protected boolean dumpsToFiles() {
    return CoreDumps.areFiles();
  }

  @Override
  protected boolean givesGpus() {
    return false;
  }

  @Override
  protected List<String> tellingOfGpus() {
    return List.of("env");
  }

  @Override
  protected HostId host() {
    return new HostId("docker-0001");
  }

  @Override
  protected String image() {
    return REGISTRY.host() + "/library/busybox:1";
  }

  @Override
  protected String failingImage() {
    return REGISTRY.host() + "/library/not-found:1";
  }

  @Override
  protected String captureImage() {
    REGISTRY.put("library/tcpdump", "1", TcpdumpImage.make());
    return REGISTRY.host() + "/library/tcpdump:1";
  }

  @Override
  protected DataSource data() {
    FILES.put("data/large", "0123456789abcdef".repeat(1 << 16));
    FILES.put("data/more/small", "x");
    return FILES.folder("data");
  }

  @Override
  protected DataSource missingData() {
    return FILES.folder("nothing");
  }
}
