package io.podyard.runtime.docker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the other tests rely on. */
class FileLogsTest {

  private static final InstallationId INSTALLATION = new InstallationId("i");
  private static final ContainerGroupId GROUP = new ContainerGroupId("g");

  @TempDir private Path folder;

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String read(FileLogs logs, ContainerName name) throws IOException {
    try (InputStream in = logs.read(name).orElseThrow()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static ContainerName name(String container, int attempt) {
    return new ContainerName(INSTALLATION, GROUP, container, attempt);
  }

  @Test
  void noNameLeadsOutOfTheFolder() throws Exception {
    FileLogs logs = new FileLogs(folder.resolve("logs"), 1 << 20);
    for (String bad : List.of("..", "../../x", "/etc/passwd", ".", "a/b", "%2E")) {
      ContainerName name =
          new ContainerName(new InstallationId(".."), new ContainerGroupId(".."), bad, 1);
      logs.<RuntimeException>keep(name, out -> write(out, "kept " + bad));

      assertThat(read(logs, name)).isEqualTo("kept " + bad);
    }
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all.filter(Files::isRegularFile))
          .hasSize(6)
          .allMatch(f -> f.startsWith(folder.resolve("logs")))
          .allMatch(f -> f.getNameCount() == folder.getNameCount() + 4);
    }
  }

  @Test
  void theNewestTwoAttemptsOfEachContainerAreKept() throws Exception {
    FileLogs logs = new FileLogs(folder, 1 << 20);
    for (String container : List.of("app", "app.1", "ap")) {
      for (int attempt : new int[] {1, 9, 10}) {
        logs.<RuntimeException>keep(name(container, attempt), _ -> {});
      }
    }

    assertThat(logs.attempts(INSTALLATION, GROUP, "app")).containsExactly(9, 10);
    assertThat(logs.attempts(INSTALLATION, GROUP, "other")).isEmpty();
    logs.forget(INSTALLATION, GROUP);
    assertThat(logs.attempts(INSTALLATION, GROUP, "app")).isEmpty();
  }

  @Test
  void theHeadOfALogThatIsTooLargeIsCutAtALine() throws Exception {
    FileLogs logs = new FileLogs(folder, 20);
    logs.<RuntimeException>keep(
        name("app", 1),
        out -> {
          for (int i = 10; i < 50; i++) {
            write(out, "line " + i + "\n");
          }
        });

    assertThat(read(logs, name("app", 1))).isEqualTo("line 48\nline 49\n");
  }

  @Test
  void whatFailsHalfWayKeepsNothing() throws Exception {
    FileLogs logs = new FileLogs(folder, 1 << 20);
    assertThatThrownBy(
            () ->
                logs.<RuntimeException>keep(
                    name("app", 1),
                    out -> {
                      write(out, "half");
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");

    assertThat(logs.read(name("app", 1))).isEmpty();
    assertThat(logs.attempts(INSTALLATION, GROUP, "app")).isEmpty();
  }
}
