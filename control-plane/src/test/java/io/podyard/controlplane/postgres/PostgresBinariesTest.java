package io.podyard.controlplane.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {

  @TempDir Path cache;

  @Test
  void whoeverUnpacksAtTheSameTimeGetsOneWholeFolderThatIsUsedAgain() throws Exception {
    Path folder;
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Path> first = threads.submit(() -> PostgresBinaries.unpackedIn(cache));
      Future<Path> second = threads.submit(() -> PostgresBinaries.unpackedIn(cache));
      folder = first.get();
      assertThat(second.get()).isEqualTo(folder);
    }
    try (Stream<Path> entries = Files.list(cache)) {
      assertThat(entries).containsExactly(folder);
    }
    assertThat(PostgresCommands.of(folder).version()).startsWith("18.");
    for (String program : new String[] {"postgres", "initdb", "pg_ctl"}) {
      assertThat(folder.resolve("bin").resolve(program)).isExecutable();
    }
    assertThat(folder.resolve("share/postgresql/extension/btree_gist.control")).exists();

    Path mark = Files.createFile(folder.resolve("mark"));
    assertThat(PostgresBinaries.unpackedIn(cache)).isEqualTo(folder);
    assertThat(mark).exists();
  }

  @Test
  void theArchiveFollowsTheSystem() {
    assertThat(PostgresBinaries.archiveName("Linux", "amd64")).isEqualTo("postgres-linux-x86_64");
    assertThat(PostgresBinaries.archiveName("Linux", "aarch64")).isEqualTo("postgres-linux-arm_64");
    assertThat(PostgresBinaries.archiveName("Mac OS X", "x86_64"))
        .isEqualTo("postgres-darwin-x86_64");
    assertThat(PostgresBinaries.archiveName("Mac OS X", "aarch64"))
        .isEqualTo("postgres-darwin-arm_64");
  }
}
