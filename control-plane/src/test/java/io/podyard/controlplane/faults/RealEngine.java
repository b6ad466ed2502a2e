package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.InstallationId;
import io.podyard.runtime.docker.DockerEngine;
import io.podyard.runtime.docker.EngineObjects;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.TcpdumpImage;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.docker.testing.TestRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Docker Engine of this environment with a registry beside it, whose images hold Podyard's tiny
 * program. Without an engine the test is skipped. An installation leaves nothing there: that is
 * checked, and what it left is removed all the same.
 */
final class RealEngine implements AutoCloseable {

  private static final int IMAGES = 6;

  private final DockerEngine engine;
  private final TestRegistry registry = new TestRegistry();
  private final List<TestImage> images = new ArrayList<>();

  private RealEngine(DockerEngine engine) throws Exception {
    this.engine = engine;
    String architecture = engine.report().architecture();
    byte[] program = program(architecture);
    for (int i = 0; i < IMAGES; i++) {
      TestImage image =
          TestImage.ofProgram(
              architecture,
              "sandbox",
              program,
              // The last link makes each of them an image of its own.
              Map.of("bin/sleep", "/sandbox", "bin/exit", "/sandbox", "bin/" + i, "/sandbox"));
      registry.put("kill/app-" + i, "1", image);
      images.add(image);
    }
  }

  /**
   * @param folder for what the test's own look at the engine keeps
   */
  static RealEngine open(Path folder) throws Exception {
    return new RealEngine(EngineForTests.engine(folder));
  }

  private static byte[] program(String architecture) throws IOException {
    try (InputStream in =
        DockerEngine.class.getResourceAsStream("sandbox/sandbox-" + architecture)) {
      return in.readAllBytes();
    }
  }

  GroupKinds kinds() {
    return GroupKinds.real(number -> registry.host() + "/kill/app-" + number + ":1", IMAGES);
  }

  /** The registry, as it stands in names of images. */
  String registry() {
    return registry.host();
  }

  /** The tasks of which the engine has an image. */
  Set<String> committed(InstallationId installation) throws Exception {
    return engine.committed(installation);
  }

  /** The tasks of which the engine has a capture. */
  Set<String> captures(InstallationId installation) throws Exception {
    return engine.captures(installation);
  }

  /** An image with a shell. */
  String busybox() {
    return put("kill/busybox", EngineForTests.busybox());
  }

  /** An image with {@code tcpdump}. */
  String tcpdump() {
    return put("kill/tcpdump", TcpdumpImage.make());
  }

  private String put(String name, TestImage image) {
    registry.put(name, "1", image);
    images.add(image);
    return registry.host() + "/" + name + ":1";
  }

  /** How many manifests the registry was asked for. */
  int pulls() {
    return registry.asked("/manifests/").size();
  }

  /** Fails if anything of an installation is left. */
  void mustBeEmptyOf(InstallationId installation) throws Exception {
    assertThat(EngineObjects.of(installation)).isEmpty();
  }

  /** Removes what a failed test left, whoever still drives it. */
  void clear(InstallationId installation) throws Exception {
    EngineObjects.removeAll(engine, installation);
  }

  @Override
  public void close() throws Exception {
    registry.close();
    for (TestImage image : images) {
      EngineObjects.removeImage(TestImage.digest(image.config()));
    }
    engine.close();
  }
}
