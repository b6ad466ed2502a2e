package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.pod.ContainerName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptLogsTest {

  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.000000001Z");

  @TempDir private Path folder;

  private static LogLine line(String text) {
    return new LogLine(TIME.toString(), TIME, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void noNameLeadsOutOfTheFolder() throws Exception {
    KeptLogs kept = new KeptLogs(folder.resolve("logs"), 1 << 20);
    for (String bad : List.of("..", "../../x", "/etc/passwd", ".", "a/b", "%2E")) {
      ContainerName name =
          new ContainerName(new InstallationId(".."), new ContainerGroupId(".."), bad, 1);
      kept.<RuntimeException>keep(name, sink -> sink.line(line("kept " + bad + "\n")));

      StringBuilder read = new StringBuilder();
      kept.read(name, l -> read.append(new String(l.text(), StandardCharsets.UTF_8)));
      assertThat(read).hasToString("kept " + bad + "\n");
    }
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all.filter(Files::isRegularFile))
          .hasSize(6)
          .allMatch(f -> f.startsWith(folder.resolve("logs")))
          .allMatch(f -> f.getNameCount() == folder.getNameCount() + 4);
    }
  }

  @Test
  void attemptsOfContainersWithSimilarNamesAreKeptApart() throws Exception {
    KeptLogs kept = new KeptLogs(folder, 1 << 20);
    InstallationId installation = new InstallationId("i");
    ContainerGroupId group = new ContainerGroupId("g");
    for (String container : List.of("app", "app.1", "ap")) {
      for (int attempt : new int[] {1, 3}) {
        kept.<RuntimeException>keep(
            new ContainerName(installation, group, container, attempt), _ -> {});
      }
    }

    assertThat(kept.attempts(installation, group, "app")).containsExactlyInAnyOrder(1, 3);
    assertThat(kept.attempts(installation, group, "other")).isEmpty();
    kept.forget(installation, group);
    assertThat(kept.attempts(installation, group, "app")).isEmpty();
  }

  @Test
  void theHeadOfALogThatIsTooLargeIsCutAtALine() throws Exception {
    KeptLogs kept = new KeptLogs(folder, 100);
    ContainerName name =
        new ContainerName(new InstallationId("i"), new ContainerGroupId("g"), "app", 1);
    kept.<RuntimeException>keep(
        name,
        sink -> {
          for (int i = 0; i < 50; i++) {
            sink.line(line("line " + i + "\n"));
          }
        });

    StringBuilder read = new StringBuilder();
    kept.read(name, l -> read.append(new String(l.text(), StandardCharsets.UTF_8)));
    assertThat(read).hasToString("line 48\nline 49\n");
  }
}
