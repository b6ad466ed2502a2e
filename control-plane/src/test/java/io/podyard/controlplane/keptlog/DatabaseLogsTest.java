package io.podyard.controlplane.keptlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class DatabaseLogsTest {

  private static final InstallationId INSTALLATION = new InstallationId("i");
  private static final int MOST = 64 << 10;

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private KeptLogTables tables;
  private DatabaseLogs logs;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    tables = new KeptLogTables(jdbc, database.transaction());
    logs = new DatabaseLogs(tables, MOST);
    group("eci-1", false);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void group(String id, boolean ended) {
    jdbc.update(
        """
        insert into container_group
          (id, account_id, region, name, status, milli_cpu, memory_mib, spec, kept, state,
           created_at, final_at)
        values (?, 'a', 'r', 'g', case when ? then 'Succeeded' else 'Running' end, 1000, 1024, '{}',
                '{}', '{}', now(), case when ? then now() end)
        """,
        id,
        ended,
        ended);
  }

  private static ContainerName name(String group, String container, int attempt) {
    return new ContainerName(INSTALLATION, new ContainerGroupId(group), container, attempt);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void keep(ContainerName name, String text) throws IOException {
    logs.<RuntimeException>keep(name, out -> write(out, text));
  }

  private static String read(DatabaseLogs logs, ContainerName name) throws IOException {
    try (InputStream in = logs.read(name).orElseThrow()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<Integer> attempts(String group, String container) throws IOException {
    return logs.attempts(INSTALLATION, new ContainerGroupId(group), container);
  }

  private int rows(String table) {
    Integer rows = jdbc.queryForObject("select count(*) from " + table, Integer.class);
    return rows == null ? 0 : rows;
  }

  /** Random enough to stay as large when it is compressed. */
  private static String line(int number) {
    return Long.toHexString(number * 0x9E3779B97F4A7C15L) + " " + number + "\n";
  }

  private static void lines(OutputStream out, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      write(out, line(i));
    }
  }

  @Test
  void whoeverReachesTheDatabaseReadsWhatAnotherKept() throws Exception {
    ContainerName name = name("eci-1", "app", 1);
    keep(name, "one\nzwei-ä\n");

    DatabaseLogs another = new DatabaseLogs(tables, MOST);
    assertThat(read(another, name)).isEqualTo("one\nzwei-ä\n");
    assertThat(attempts("eci-1", "app")).containsExactly(1);
    assertThat(another.read(name("eci-1", "app", 2))).isEmpty();
    assertThat(another.read(name("eci-1", "ap", 1))).isEmpty();
  }

  @Test
  void aLogOfNothingIsALog() throws Exception {
    keep(name("eci-1", "app", 1), "");

    assertThat(read(logs, name("eci-1", "app", 1))).isEmpty();
    assertThat(attempts("eci-1", "app")).containsExactly(1);
  }

  @Test
  void ofALargeLogTheNewestPartIsKeptFromTheBeginningOfALineOn() throws Exception {
    int lines = 50_000;
    ContainerName name = name("eci-1", "app", 1);
    logs.<RuntimeException>keep(name, out -> lines(out, 0, lines));

    String kept = read(logs, name);
    assertThat(kept.length()).isBetween(MOST * 3 / 4, MOST);
    int first = Integer.parseInt(kept.lines().findFirst().orElseThrow().split(" ")[1]);
    StringBuilder expected = new StringBuilder();
    for (int i = first; i < lines; i++) {
      expected.append(line(i));
    }
    assertThat(kept).isEqualTo(expected.toString());
    // What was cut off is not in the database either, and no row is large.
    assertThat(
            jdbc.queryForObject(
                "select max(octet_length(data)) <= ? and count(*) <= 9 from kept_log_chunk",
                Boolean.class,
                MOST / 8))
        .isTrue();
  }

  @Test
  void aLogOfManyMegabytesIsReadAsItWasWritten() throws Exception {
    DatabaseLogs large = new DatabaseLogs(tables, 10 << 20);
    ContainerName name = name("eci-1", "app", 1);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 150_000; i++) {
      all.append(line(i));
    }
    large.<RuntimeException>keep(name, out -> write(out, all.toString()));

    assertThat(read(large, name)).isEqualTo(all.toString());
    assertThat(rows("kept_log_chunk")).isGreaterThan(10);
  }

  @Test
  void whatFailsHalfWayLeavesWhatWasThereBefore() throws Exception {
    ContainerName name = name("eci-1", "app", 1);
    for (int there = 0; there < 2; there++) {
      assertThatThrownBy(
              () ->
                  logs.<RuntimeException>keep(
                      name,
                      out -> {
                        lines(out, 0, 5_000);
                        throw new IllegalStateException("the engine died");
                      }))
          .hasMessage("the engine died");

      assertThat(rows("kept_log")).isEqualTo(there);
      assertThat(attempts("eci-1", "app")).hasSize(there);
      keep(name, "whole\n");
      assertThat(read(logs, name)).isEqualTo("whole\n");
    }
  }

  @Test
  void aProcessThatDiesHalfWayLeavesNothingToReadAndNothingForEver() throws Exception {
    long begun = tables.begin(name("eci-1", "app", 1));
    tables.add(begun, 0, new byte[100]);

    assertThat(attempts("eci-1", "app")).isEmpty();
    assertThat(logs.read(name("eci-1", "app", 1))).isEmpty();
    KeptLogSweep sweep = new KeptLogSweep(tables, Long.MAX_VALUE);
    sweep.round();
    assertThat(rows("kept_log")).isEqualTo(1);
    jdbc.update("update kept_log set begun_at = now() - interval '2 hours'");
    sweep.round();
    assertThat(rows("kept_log")).isZero();
    assertThat(rows("kept_log_chunk")).isZero();
  }

  @Test
  void noTransactionWaitsForTheEngine() throws Exception {
    List<Integer> open = new ArrayList<>();
    logs.<RuntimeException>keep(
        name("eci-1", "app", 1),
        out -> {
          for (int i = 0; i < 3; i++) {
            lines(out, 0, 1_000);
            open.add(
                jdbc.queryForObject(
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and state like 'idle in transaction%'
                    """,
                    Integer.class));
          }
        });
    assertThat(open).containsExactly(0, 0, 0);
    assertThat(rows("kept_log_chunk")).isGreaterThan(2);
  }

  @Test
  void attemptsOlderThanTheOneBeforeTheNewestAreForgotten() throws Exception {
    for (int attempt = 1; attempt <= 5; attempt++) {
      keep(name("eci-1", "app", attempt), "attempt " + attempt);
      keep(name("eci-1", "other", 1), "other");
    }
    assertThat(attempts("eci-1", "app")).containsExactly(4, 5);
    assertThat(attempts("eci-1", "other")).containsExactly(1);

    // Somebody who stood still for a while.
    keep(name("eci-1", "app", 2), "late");
    assertThat(attempts("eci-1", "app")).containsExactly(4, 5);
    assertThat(rows("kept_log")).isEqualTo(3);
  }

  @Test
  void ofTwoWhoKeepTheSameAtOnceBothSucceed() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int attempt = 1; attempt <= 20; attempt++) {
        ContainerName name = name("eci-1", "app", attempt);
        List<Future<?>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          both.add(
              threads.submit(
                  () -> {
                    logs.<Exception>keep(
                        name,
                        out -> {
                          lines(out, 0, 2_000);
                          together.await();
                        });
                    return true;
                  }));
        }
        for (Future<?> one : both) {
          one.get();
        }
        assertThat(read(logs, name)).endsWith(line(1_999));
        assertThat(rows("kept_log")).isEqualTo(Math.min(attempt, 2));
      }
    }
  }

  @Test
  void ofAGroupWithoutARecordNothingIsKept() throws Exception {
    keep(name("eci-unknown", "app", 1), "small");
    logs.<RuntimeException>keep(name("eci-unknown", "app", 1), out -> lines(out, 0, 5_000));

    assertThat(rows("kept_log")).isZero();
    assertThat(rows("kept_log_chunk")).isZero();
  }

  @Test
  void theLogsOfAGroupGoWithItsRecordByWhomeverTheyAreForgotten() throws Exception {
    group("eci-2", false);
    for (int i = 0; i < 120; i++) {
      keep(name("eci-1", "app-" + i, 1), "text");
      keep(name("eci-2", "app-" + i, 1), "text");
    }

    logs.forget(INSTALLATION, new ContainerGroupId("eci-1"));
    assertThat(rows("kept_log")).isEqualTo(120);
    assertThat(attempts("eci-2", "app-0")).containsExactly(1);
    jdbc.update("delete from container_group where id = 'eci-2'");
    new KeptLogSweep(tables, Long.MAX_VALUE).round();
    assertThat(rows("kept_log")).isZero();
    assertThat(rows("kept_log_chunk")).isZero();
  }

  @Test
  void beyondTheLimitTheOldestOfEndedGroupsGoFirst() throws Exception {
    group("eci-ended", true);
    group("eci-over", true);
    for (String group : List.of("eci-1", "eci-ended", "eci-over", "eci-1", "eci-ended")) {
      logs.<RuntimeException>keep(
          name(group, "app", attempts(group, "app").size() + 1), out -> lines(out, 0, 500));
    }
    long each = tables.storedBytes() / 5;
    assertThat(each).isGreaterThan(1_000);

    new KeptLogSweep(tables, each * 5).round();
    assertThat(rows("kept_log")).isEqualTo(5);
    new KeptLogSweep(tables, each * 4).round();
    assertThat(attempts("eci-ended", "app")).containsExactly(2);
    new KeptLogSweep(tables, each * 3).round();
    assertThat(attempts("eci-over", "app")).isEmpty();
    new KeptLogSweep(tables, each).round();
    assertThat(attempts("eci-ended", "app")).isEmpty();
    assertThat(attempts("eci-1", "app")).containsExactly(2);
    assertThat(tables.storedBytes()).isLessThanOrEqualTo(each);
  }

  @Test
  void aLogThatIsForgottenWhileItIsReadIsNotReadAsIfItEndedThere() throws Exception {
    ContainerName name = name("eci-1", "app", 1);
    logs.<RuntimeException>keep(name, out -> lines(out, 0, 2_000));
    try (InputStream in = logs.read(name).orElseThrow()) {
      assertThat(in.read()).isPositive();
      logs.forget(INSTALLATION, new ContainerGroupId("eci-1"));
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("forgotten while it was read");
    }
  }
}
