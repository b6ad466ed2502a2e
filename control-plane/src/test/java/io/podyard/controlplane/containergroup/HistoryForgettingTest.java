package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.judge.Judge;
import io.podyard.controlplane.judge.Violation;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.testing.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the history forgets, and when, with the months of the clock. */
class HistoryForgettingTest {

  private static final int MANY = 2 * HistoryForgetting.MOST_AT_ONCE + 100;

  private final SteppedTime time = new SteppedTime(Instant.parse("2024-01-20T10:00:00Z"));
  private TestDatabase database;
  private JdbcTemplate jdbc;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private GroupHousekeeping housekeeping(Map<String, String> settings) {
    return new GroupHousekeeping(
        jdbc,
        database.transaction(),
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("podyard", PodyardSettings.class),
        time);
  }

  /** Groups that ended, each with two events and what was metered. */
  private void ended(String prefix, int number, Instant at) {
    jdbc.update(
        """
        insert into container_group_history
          (id, account_id, region, name, status, record, created_at, ended_at)
        select ? || n, 'a', 'r', 'g', 'Succeeded', '{"goal": "REMOVE"}', ?::timestamptz,
               ?::timestamptz
        from generate_series(1, ?) n
        """,
        prefix,
        at.toString(),
        at.toString(),
        number);
    jdbc.update(
        """
        insert into group_event
          (group_id, reason, message_digest, account_id, type, message, first_at, last_at)
        select ? || n, reason, 'd', 'a', 'Normal', 'm', ?::timestamptz, ?::timestamptz
        from generate_series(1, ?) n, unnest(array['Scheduled', 'Started']) reason
        """,
        prefix,
        at.toString(),
        at.toString(),
        number);
    jdbc.update(
        """
        insert into usage_interval
          (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at, ended_at)
        select ? || n, 1, 'a', 'r', 'r-a', 250, 512, ?::timestamptz - interval '1 hour',
               ?::timestamptz
        from generate_series(1, ?) n
        """,
        prefix,
        at.toString(),
        at.toString(),
        number);
  }

  private List<String> months() {
    return jdbc.query(
        """
        select right(inhrelid::regclass::text, 7) from pg_inherits
        where inhparent = 'container_group_history'::regclass order by 1
        """,
        (row, n) -> row.getString(1));
  }

  private int count(String what) {
    Integer count = jdbc.queryForObject("select count(*) from " + what, Integer.class);
    return count == null ? -1 : count;
  }

  @Test
  void recordsAndEventsGoAfterThirteenMonthsAndTheirPartitionWithThem() throws Exception {
    GroupHousekeeping housekeeping = housekeeping(Map.of());
    housekeeping.run();
    assertThat(months()).containsExactly("2024_01", "2024_02", "default");
    ended("first", MANY, time.instant());
    ended("other-month", 3, Instant.parse("2024-02-01T00:00:00Z"));
    assertThat(count("container_group_history_2024_01")).isEqualTo(MANY);

    // The last second in which January is kept.
    time.advance(Duration.between(time.instant(), Instant.parse("2025-02-28T23:59:59Z")));
    housekeeping.run();
    assertThat(count("container_group_history")).isEqualTo(MANY + 3);
    assertThat(count("group_event")).isEqualTo(2 * (MANY + 3));
    assertThat(months()).contains("2024_01");

    time.advance(Duration.ofSeconds(1));
    housekeeping.run();
    assertThat(count("container_group_history")).isEqualTo(3);
    assertThat(count("group_event")).isEqualTo(6);
    assertThat(months()).doesNotContain("2024_01").contains("2024_02", "2025_03", "default");
    assertThat(count("usage_interval")).as("bills can still be made").isEqualTo(MANY + 3);

    assertThat(violations()).as("what was forgotten is not missed").isEmpty();
    jdbc.update("delete from container_group_history where id = 'other-month1'");
    assertThat(violations())
        .as("what is kept is")
        .extracting(Violation::subject)
        .containsOnly("other-month1");
  }

  private List<Violation> violations() throws Exception {
    return new Judge(jdbc, new Inventory(jdbc).installation(), Map.of())
        .verdict(Duration.ZERO).stream()
            .filter(v -> v.message().equals("was never created but is metered"))
            .toList();
  }

  @Test
  void howLongIsASettingAndWhatHasNoMonthOfItsOwnGoesToo() {
    ended("old", 3, Instant.parse("2023-12-31T23:59:59Z"));
    ended("young", 3, Instant.parse("2024-01-01T00:00:00Z"));
    assertThat(count("container_group_history_default")).isEqualTo(6);
    GroupHousekeeping housekeeping = housekeeping(Map.of("podyard.history-months", "1"));
    housekeeping.run();
    assertThat(count("container_group_history")).isEqualTo(6);

    time.advance(Duration.ofDays(20));
    housekeeping.run();
    assertThat(jdbc.queryForList("select id from container_group_history", String.class))
        .containsExactlyInAnyOrder("young1", "young2", "young3");
  }

  @Test
  void whatSomebodyIsReadingIsDroppedLater() throws Exception {
    GroupHousekeeping housekeeping = housekeeping(Map.of());
    housekeeping.run();
    time.advance(Duration.ofDays(500));
    try (Connection reader = database.dataSource().getConnection()) {
      reader.setAutoCommit(false);
      try (var statement = reader.createStatement()) {
        assertThat(statement.execute("select count(*) from container_group_history_2024_01"))
            .isTrue();
        housekeeping.run();
        assertThat(months()).contains("2024_01");
      }
      reader.rollback();
    }
    housekeeping.run();
    assertThat(months()).doesNotContain("2024_01", "2024_02");
  }
}
