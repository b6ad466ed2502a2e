package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.docker.testing.FileLogs;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs whose engine is gone. */
class ArchivedLogsTest {

  private static final InstallationId INSTALLATION = new InstallationId("i");
  private static final ContainerGroupId GROUP = new ContainerGroupId("eci-1");
  private static final String TIME = "2026-01-01T00:00:00.000000000Z ";

  @TempDir private Path folder;
  private FileLogs archive;
  private ArchivedLogs logs;

  @BeforeEach
  void open() {
    archive = new FileLogs(folder, 1 << 20);
    logs = new ArchivedLogs(archive);
  }

  private void keep(int attempt, String... lines) throws IOException {
    archive.<RuntimeException>keep(
        new ContainerName(INSTALLATION, GROUP, "main", attempt),
        out -> {
          for (String line : lines) {
            out.write((TIME + line + "\n").getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  private String read(int lines, boolean previous) throws Exception {
    return logs.logs(
        INSTALLATION, GROUP, "main", new LogQuery(lines, 1 << 20, null, false, previous));
  }

  @Test
  void theNewestAttemptAndTheOneBeforeItAreReadAsOnTheirHost() throws Exception {
    keep(1, "first");
    keep(2, "one", "two");
    assertThat(read(10, false)).isEqualTo("one\ntwo\n");
    assertThat(read(1, false)).isEqualTo("two\n");
    assertThat(read(10, true)).isEqualTo("first\n");
  }

  @Test
  void theyAreFollowedAttemptByAttempt() throws Exception {
    keep(1, "first");
    keep(2, "one", "two");
    List<String> told = new ArrayList<>();
    for (int from = 1; from <= 2; from++) {
      try (LogStream stream =
          logs.follow(
              INSTALLATION, GROUP, "main", from, new LogQuery(10, 1 << 20, null, false, false))) {
        int attempt = stream.attempt();
        stream.forEach(
            (_, text) -> told.add(attempt + " " + new String(text, StandardCharsets.UTF_8)));
      }
    }
    assertThat(told).containsExactly("1 first", "2 one", "2 two");
  }

  @Test
  void whatIsNotKeptIsNotThere() throws Exception {
    assertThatThrownBy(() -> read(1, false)).isInstanceOf(NoSuchContainerException.class);
    keep(1, "only");
    assertThatThrownBy(() -> read(1, true)).isInstanceOf(NoSuchContainerException.class);
    assertThatThrownBy(
            () ->
                logs.follow(INSTALLATION, GROUP, "main", 2, new LogQuery(1, 1, null, false, false)))
        .isInstanceOf(NoSuchContainerException.class);
  }
}
