package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.docker.testing.CoreDumps;
import io.podyard.runtime.docker.testing.EngineForTests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Core dumps of real crashes, and why there is none. */
@Timeout(120)
class ContainerDumpsTest extends EngineGround {

  private static final long MOST_BYTES = 64 << 20;

  @TempDir private Path dumping;
  private DockerEngine plain = engine;

  @BeforeEach
  void dumpsOfThatSize() {
    CoreDumps.needFiles();
    plain = engine;
    engine = dumpingUpTo(MOST_BYTES);
  }

  private DockerEngine dumpingUpTo(long bytes) {
    DockerEngineSettings settings = EngineForTests.settings(dumping.resolve(Long.toString(bytes)));
    return EngineForTests.engine(settings.with(settings.limits().withCoreDumpBytes(bytes)));
  }

  @AfterEach
  void asBefore() {
    engine.close();
    engine = plain;
  }

  private static ContainerSpec crash(Consumer<Specs> change) {
    return Specs.changed(ContainerSpec.of("app", busybox(), CoreDumps.CRASH), change);
  }

  private ContainerGroupId crashed(GroupSpec spec) throws Exception {
    ContainerGroupId group = group(spec);
    start(group, spec, "app");
    assertThat(ended(group, "app").exitCode()).isEqualTo(139);
    return group;
  }

  private ContainerGroupId crashed(Consumer<Specs> change) throws Exception {
    return crashed(spec(crash(change)));
  }

  private byte[] dump(ContainerGroupId group) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    engine.readCoreDump(view(group, "app").engineId(), MOST_BYTES, FENCE, out);
    return out.toByteArray();
  }

  private void assertMissing(ContainerGroupId group, long mostBytes, String words)
      throws Exception {
    String id = view(group, "app").engineId();
    assertThatThrownBy(
            () -> engine.readCoreDump(id, mostBytes, FENCE, OutputStream.nullOutputStream()))
        .isInstanceOf(CoreDumpMissingException.class)
        .hasMessageContaining(words);
  }

  @Test
  void aDumpIsTheMemoryOfTheProcess() throws Exception {
    ContainerGroupId group = crashed(c -> c.args = List.of("needle-in-the-arguments"));
    byte[] core = dump(group);
    CoreDumps.assertCore(core);
    assertThat(new String(core, StandardCharsets.ISO_8859_1)).contains("needle-in-the-arguments");
    assertThat(dump(group)).as("once more").isEqualTo(core);
    assertThat(engine.noCoreDumpsBecause(installation, group, FENCE)).isEmpty();
  }

  @Test
  void aDumpInTheWorkingFolderIsFoundAlsoInAVolume() throws Exception {
    CoreDumps.assertCore(dump(crashed(c -> c.workingDir = "/some/where")));
    GroupSpec spec =
        Specs.withVolumes(
            spec(
                crash(
                    c -> {
                      c.workingDir = "/data";
                      c.mounts = List.of(new VolumeMount("data", "/data", "", false));
                    })),
            new VolumeSpec.EmptyDir("data", false, null));
    CoreDumps.assertCore(dump(crashed(spec)));
  }

  @Test
  void itIsSaidWhyThereIsNone() throws Exception {
    assertMissing(crashed(c -> c.runAsUser = 4321L), MOST_BYTES, "allowed to write");
    assertMissing(crashed(c -> c.readOnly = true), MOST_BYTES, "allowed to write");
    assertMissing(crashed(_ -> {}), 1000, "more than the 1000 it may have");
  }

  @Test
  void aDumpThatTheKernelCutIsNoDump() throws Exception {
    engine.close();
    engine = dumpingUpTo(1 << 20);
    assertMissing(crashed(_ -> {}), MOST_BYTES, "cut");
  }

  @Test
  void aStreamThatDoesNotTakeItSaysSo() throws Exception {
    String id = view(crashed(_ -> {}), "app").engineId();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("full");
          }
        };
    assertThatThrownBy(() -> engine.readCoreDump(id, MOST_BYTES, FENCE, full))
        .isInstanceOf(IOException.class)
        .hasMessage("full");
  }
}
