package io.podyard.controlplane.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.Size;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class IdempotencyHousekeepingTest {

  /** More than one statement of it takes, and not a round number of statements. */
  private static final int MANY = 2 * IdempotencyHousekeeping.MOST_AT_ONCE + 700;

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final SteppedTime time = new SteppedTime(START);
  private TestDatabase database;
  private JdbcTemplate jdbc;
  private IdempotencyHousekeeping housekeeping;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    TestHosts.add(jdbc, 1, Size.of(4000, 8192));
    housekeeping = new IdempotencyHousekeeping(jdbc, time);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void nonces(String prefix, int number, Instant seenAt) {
    jdbc.update(
        """
        insert into request_nonce (access_key_id, nonce, seen_at)
        select 'key', ? || n, ?::timestamptz from generate_series(1, ?) n
        """,
        prefix,
        seenAt.toString(),
        number);
  }

  /** Tokens of groups with the prefix, as a create leaves them a day before they are due. */
  private void tokens(String prefix, int number, Instant createdAt) {
    jdbc.update(
        """
        insert into client_token
          (account_id, region, action, token, fingerprint, resource_id, created_at, forget_at)
        select 'a', 'r', 'CreateContainerGroup', ? || n, 'f', ? || n, ?::timestamptz,
               ?::timestamptz + interval '24 hours'
        from generate_series(1, ?) n
        """,
        prefix,
        prefix,
        createdAt.toString(),
        createdAt.toString(),
        number);
  }

  private void groups(String prefix, int number) {
    jdbc.update(
        """
        insert into container_group
          (id, account_id, region, name, status, milli_cpu, memory_mib, spec, kept, state,
           host_id, shard, created_at)
        select ? || n, 'a', 'r', 'g', 'Running', 250, 512, '{}', '{}', '{}', 'h1', 0, now()
        from generate_series(1, ?) n
        """,
        prefix,
        number);
  }

  private int count(String what) {
    Integer count = jdbc.queryForObject("select count(*) from " + what, Integer.class);
    return count == null ? -1 : count;
  }

  @Test
  void oneRunForgetsAllOldNoncesHoweverManyThereAre() {
    nonces("old", MANY, START);
    time.advance(Duration.ofMinutes(30));
    nonces("young", 10, time.instant());
    housekeeping.run();
    assertThat(count("request_nonce")).as("none is old yet").isEqualTo(MANY + 10);

    time.advance(Duration.ofMinutes(11));
    housekeeping.run();
    assertThat(count("request_nonce where nonce like 'old%'")).isZero();
    assertThat(count("request_nonce where nonce like 'young%'")).isEqualTo(10);
  }

  @Test
  void oneRunForgetsAllOldTokensWhoseGroupsAreGone() {
    // The living ones are the oldest: they must not keep the others from being found.
    tokens("living", MANY, START);
    groups("living", MANY);
    tokens("gone", MANY, START.plusSeconds(1));
    time.advance(Duration.ofHours(23));
    tokens("young", 10, time.instant());
    housekeeping.run();
    assertThat(count("client_token")).as("none is a day old yet").isEqualTo(2 * MANY + 10);

    time.advance(Duration.ofMinutes(61));
    housekeeping.run();
    assertThat(count("client_token where token like 'gone%'")).isZero();
    assertThat(count("client_token where token like 'living%'")).isEqualTo(MANY);
    assertThat(count("client_token where token like 'young%'")).isEqualTo(10);
  }

  @Test
  void aTokenIsForgottenSomeTimeAfterItsGroupIsGone() {
    tokens("long-", 1, START);
    groups("long-", 1);
    for (int day = 0; day < 3; day++) {
      time.advance(Duration.ofDays(1));
      housekeeping.run();
      assertThat(count("client_token")).isEqualTo(1);
    }
    jdbc.update("delete from container_group");
    time.advance(Duration.ofHours(7));
    housekeeping.run();
    assertThat(count("client_token")).isZero();
  }

  @Test
  void anotherProcessThatIsAtItHoldsNobodyUp() throws Exception {
    nonces("old", 10, START);
    tokens("gone", 10, START);
    time.advance(Duration.ofHours(25));
    try (Connection other = database.dataSource().getConnection()) {
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        assertThat(statement.execute("select 1 from request_nonce where nonce = 'old1' for update"))
            .isTrue();
        assertThat(statement.execute("select 1 from client_token where token = 'gone1' for update"))
            .isTrue();
      }
      housekeeping.run();
      assertThat(jdbc.queryForList("select nonce from request_nonce", String.class))
          .containsExactly("old1");
      assertThat(jdbc.queryForList("select token from client_token", String.class))
          .containsExactly("gone1");
      other.rollback();
    }
    housekeeping.run();
    assertThat(count("request_nonce") + count("client_token")).isZero();
  }

  @Test
  void aTokenOfAClaimIsDueADayLater() {
    jdbc.update(
        """
        insert into client_token (account_id, region, action, token, fingerprint, resource_id)
        values ('a', 'r', 'CreateContainerGroup', 't', 'f', 'g')
        """);
    assertThat(count("client_token where forget_at = created_at + interval '24 hours'"))
        .isEqualTo(1);
  }
}
