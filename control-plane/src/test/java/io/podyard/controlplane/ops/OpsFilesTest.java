package io.podyard.controlplane.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class OpsFilesTest {

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private OpsFiles files;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    files = new OpsFiles(jdbc);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private long file(int bytes) throws IOException {
    try (OpsFileWriting writing = new OpsFileWriting(files, Long.MAX_VALUE)) {
      writing.write(new byte[bytes]);
      return writing.finish();
    }
  }

  /** A task of an account that has a result. */
  private ResultSecret task(String id, String account, int bytes, int hoursLeft)
      throws IOException {
    ResultSecret secret = ResultSecret.random();
    jdbc.update(
        """
        insert into ops_task (id, account_id, region, group_id, host_id, shard, ops_type, filter,
            image, status, created_at, begin_by, seconds, finished_at, file_id, expires_at,
            secret_hash, sealed_secret)
        values (?, ?, 'r', 'eci-1', 'h', 0, 'tcpdump', '{}', 'i', 'Success', now(), now(), 1,
            now(), ?, now() + make_interval(hours => ?), ?, 'sealed')
        """,
        id,
        account,
        file(bytes),
        hoursLeft,
        secret.hash());
    return secret;
  }

  private List<String> kept() {
    return jdbc.query(
        "select id from ops_task where file_id is not null order by id",
        (row, n) -> row.getString(1));
  }

  private int count(String table) {
    return Objects.requireNonNull(
        jdbc.queryForObject("select count(*) from " + table, Integer.class));
  }

  @Test
  void aFileIsReadAsItWasWritten() throws Exception {
    byte[] content = new byte[2 * OpsFiles.CHUNK_BYTES + 12_345];
    new Random(7).nextBytes(content);
    OpsFileWriting writing = new OpsFileWriting(files, content.length);
    try (writing) {
      writing.write(content, 0, 100_000);
      writing.write(content, 100_000, content.length - 100_001);
      writing.write(content[content.length - 1]);
      long file = writing.finish();
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      for (int number = 0; number < 3; number++) {
        read.write(files.chunk(file, number).orElseThrow());
      }
      assertThat(read.toByteArray()).isEqualTo(content);
      assertThat(files.chunk(file, 3)).isEmpty();
    }
    assertThat(count("ops_file")).as("a finished one stays").isEqualTo(1);
  }

  @Test
  void whatIsTooLargeOrNotFinishedLeavesNothing() throws Exception {
    try (OpsFileWriting writing = new OpsFileWriting(files, OpsFiles.CHUNK_BYTES + 10)) {
      writing.write(new byte[OpsFiles.CHUNK_BYTES]);
      assertThatThrownBy(() -> writing.write(new byte[11]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("larger than");
    }
    assertThat(count("ops_file")).isZero();
    assertThat(count("ops_file_chunk")).isZero();
  }

  @Test
  void aSecretOpensItsOwnResultUntilThatExpires() throws Exception {
    ResultSecret lasting = task("ops-1", "a", 10, 1);
    ResultSecret over = task("ops-2", "a", 20, 0);
    assertThat(files.find(lasting)).hasValueSatisfying(r -> assertThat(r.bytes()).isEqualTo(10));
    assertThat(files.find(lasting).orElseThrow().name()).matches("eci-1-\\d{8}T\\d{6}Z\\.pcap");
    assertThat(files.find(over)).isEmpty();
    assertThat(files.find(ResultSecret.random())).isEmpty();

    assertThat(files.expire()).isEqualTo(1);
    assertThat(files.expire()).isZero();
    assertThat(kept()).containsExactly("ops-1");
    assertThat(count("ops_file")).isEqualTo(1);
    assertThat(
            jdbc.queryForList(
                "select status from ops_task where secret_hash is null and sealed_secret is null",
                String.class))
        .containsExactly("Expired");
  }

  @Test
  void beyondTheLimitTheOldestOfWhoeverHasMostGoFirst() throws Exception {
    ResultSecret _ = task("ops-1", "small", 100, 1);
    ResultSecret _ = task("ops-2", "large", 300, 1);
    ResultSecret _ = task("ops-3", "large", 300, 1);
    ResultSecret _ = task("ops-4", "large", 300, 1);
    assertThat(files.deleteBeyond(1000)).isZero();
    assertThat(files.deleteBeyond(500)).isEqualTo(2);
    assertThat(kept()).containsExactly("ops-1", "ops-4");
    assertThat(count("ops_file_chunk")).isEqualTo(2);
    assertThat(files.deleteBeyond(0)).isEqualTo(2);
    assertThat(kept()).isEmpty();
  }

  @Test
  void whatADeadProcessLeftIsSweptAfterAWhile() throws Exception {
    ResultSecret _ = task("ops-1", "a", 10, 1);
    long left = file(10);
    assertThat(files.deleteOfNobody(Duration.ofHours(1))).as("it may be under way").isZero();
    jdbc.update("update ops_file set begun_at = now() - interval '2 hours'");
    assertThat(files.deleteOfNobody(Duration.ofHours(1))).isEqualTo(1);
    assertThat(files.chunk(left, 0)).isEmpty();
    assertThat(kept()).containsExactly("ops-1");
  }
}
