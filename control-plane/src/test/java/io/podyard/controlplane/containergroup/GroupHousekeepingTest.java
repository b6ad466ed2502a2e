package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class GroupHousekeepingTest {

  private static final int KEPT = 2;

  /** Everything that a test writes is as old as the database says; time goes on from there. */
  private final SteppedTime time = new SteppedTime(Instant.now());

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private PodyardSettings settings;
  private GroupHousekeeping housekeeping;

  @BeforeEach
  void addHost() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    TestHosts.add(jdbc, 1, Size.of(4000, 8192));
    settings =
        new Binder(
                new MapConfigurationPropertySource(
                    Map.of(
                        "podyard.final-records-kept",
                        "1h",
                        "podyard.final-records-per-region",
                        KEPT)))
            .bind("podyard", PodyardSettings.class)
            .get();
    housekeeping = new GroupHousekeeping(jdbc, database.transaction(), settings, time);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void withoutADatabaseAllOfItIsDoneLater() {
    TransactionTemplate broken =
        new TransactionTemplate(
            new JdbcTransactionManager(new DriverManagerDataSource("jdbc:nobody")));
    assertThatCode(() -> new GroupHousekeeping(jdbc, broken, settings, time).run())
        .doesNotThrowAnyException();
  }

  /** A group that ended so long ago. */
  private void ended(String id, String account, String status, String ago, boolean released) {
    jdbc.update(
        """
        insert into container_group
          (id, account_id, region, name, status, milli_cpu, memory_mib, spec, kept, state, host_id,
           shard, goal, created_at, final_at, released_at)
        select ?, ?, 'r', 'g', ?, 1000, 1024, '{"registryCredentials": ["sealed"]}', '{}',
               '{"containers": [{"name": "init"}, {"name": "main"}]}',
               case when s.failed then null else 'h1' end, case when s.failed then null else 0 end,
               'REMOVE', now(), now() - ?::interval, case when ? then now() end
        from (select ? = 'ScheduleFailed' as failed) s
        """,
        id,
        account,
        status,
        ago,
        released,
        status);
  }

  private List<String> ids(String table) {
    return jdbc.query(
        "select id from %s order by id".formatted(table), (row, n) -> row.getString(1));
  }

  @Test
  void afterAnHourOnlyTheNewestRecordsOfARegionStay() {
    for (int i = 1; i <= 5; i++) {
      ended("old-" + i, "a", i % 2 == 0 ? "Failed" : "Succeeded", i + " hours 1 minute", true);
    }
    ended("young", "a", "Succeeded", "10 minutes", true);
    ended("other", "b", "Succeeded", "9 hours", true);
    ended("on-its-host", "a", "Failed", "9 hours", false);

    assertThat(housekeeping.endRecords()).isEqualTo(4);

    assertThat(ids("container_group")).containsExactly("old-1", "on-its-host", "other", "young");
    assertThat(ids("container_group_history")).containsExactly("old-2", "old-3", "old-4", "old-5");
    assertThat(
            jdbc.queryForList(
                "select distinct record -> 'spec' ->> 'registryCredentials' from"
                    + " container_group_history",
                String.class))
        .containsExactly("[]");
  }

  @Test
  void recordsEndAlthoughTheirHostIsNoMore() {
    for (int i = 1; i <= 3; i++) {
      ended("old-" + i, "a", "Failed", i + " hours", true);
    }
    assertThat(jdbc.update("delete from host")).isEqualTo(1);

    assertThat(housekeeping.endRecords()).isEqualTo(1);

    assertThat(ids("container_group_history")).containsExactly("old-3");
    assertThat(jdbc.queryForList("select group_id from group_remains", String.class)).isEmpty();
  }

  @Test
  void oneRunEndsAllRecordsThatAreDueHoweverManyThereAre() {
    int many = 2 * GroupHousekeeping.MOST_AT_ONCE + 100;
    for (String[] kind : new String[][] {{"done", "Succeeded"}, {"unplaced", "ScheduleFailed"}}) {
      jdbc.update(
          """
          insert into container_group
            (id, account_id, region, name, status, milli_cpu, memory_mib, spec, kept, state, goal,
             created_at, final_at, released_at)
          select ? || n, 'a' || n % 3, 'r', 'g', ?, 1000, 1024, '{}', '{}', '{"containers": []}',
                 'REMOVE', now(), now() + make_interval(secs => n / 1000.0), now()
          from generate_series(1, ?) n
          """,
          kind[0], kind[1], many);
    }
    assertThat(housekeeping.endRecords()).isZero();

    time.advance(Duration.ofMinutes(61));
    assertThat(housekeeping.endRecords()).isEqualTo(many - 3 * KEPT);
    assertThat(
            jdbc.queryForList(
                "select id from container_group where status = 'Succeeded' order by final_at desc",
                String.class))
        .as("the newest of each account")
        .hasSize(3 * KEPT)
        .startsWith("done" + many, "done" + (many - 1), "done" + (many - 2));

    time.advance(Duration.ofHours(23));
    assertThat(housekeeping.endRecords()).isEqualTo(many);
    assertThat(ids("container_group")).hasSize(3 * KEPT);
    assertThat(housekeeping.endRecords()).isZero();
  }

  @Test
  void whatAnotherProcessIsAtHoldsNobodyUp() throws Exception {
    for (int i = 1; i <= 5; i++) {
      ended("g" + i, "a", "Succeeded", i + " hours 1 minute", true);
    }
    try (Connection other = database.dataSource().getConnection()) {
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        assertThat(statement.execute("select 1 from container_group where id = 'g4' for update"))
            .isTrue();
      }
      assertThat(housekeeping.endRecords()).isEqualTo(2);
      assertThat(ids("container_group_history")).containsExactly("g3", "g5");
      other.rollback();
    }
    assertThat(housekeeping.endRecords()).isEqualTo(1);
  }

  @Test
  void failedCreationsStayForADayAndDoNotCrowdOutOthers() {
    for (int i = 1; i <= 3; i++) {
      ended("failed-" + i, "a", "ScheduleFailed", 23 + i + " hours 1 minute", true);
      ended("fine-" + i, "a", "Succeeded", i + " hours 1 minute", true);
    }
    assertThat(housekeeping.endRecords()).isEqualTo(4);
    assertThat(ids("container_group")).containsExactly("fine-1", "fine-2");
  }

  @Test
  void whatTheHostStillKeepsIsNotedWithTheEndOfTheRecord() {
    ended("on-a-host", "a", "Succeeded", "5 hours", true);
    ended("without", "a", "ScheduleFailed", "25 hours", true);
    for (int i = 0; i < KEPT; i++) {
      ended("newer-" + i, "a", "Succeeded", "1 minute", true);
    }
    assertThat(housekeeping.endRecords()).isEqualTo(2);

    EndedGroups ended = new EndedGroups(jdbc);
    GroupRemains remains =
        new GroupRemains(
            new ContainerGroupId("on-a-host"), new HostId("h1"), List.of("init", "main"));
    assertThat(ended.remains(0)).containsExactly(remains);
    assertThat(ended.remains(1)).isEmpty();
    ended.forgotten(List.of(remains));
    assertThat(ended.remains(0)).isEmpty();
  }

  @Test
  void whatIsFoundOnAHostIsNotedUnlessItsRecordIsThere() {
    ended("known", "a", "Succeeded", "5 minutes", true);
    EndedGroups ended = new EndedGroups(jdbc);
    for (String id : List.of("known", "unknown", "unknown")) {
      ended.found(new GroupRemains(new ContainerGroupId(id), new HostId("h1"), List.of("main")));
    }
    assertThat(ended.remains(0))
        .extracting(remains -> remains.group().value())
        .containsExactly("unknown");
  }

  @Test
  void oneHostCannotKeepTheOthersFromBeingLookedAt() {
    jdbc.update(
        """
        insert into host select 'h2', pool_id, region, zone, shard, state, allocatable_milli_cpu,
          allocatable_memory_mib, reserved_milli_cpu, reserved_memory_mib, reported_milli_cpu,
          reported_memory_mib, engine, created_at from host where id = 'h1'
        """);
    EndedGroups ended = new EndedGroups(jdbc);
    IntStream.range(0, 250)
        .forEach(
            i ->
                ended.found(
                    new GroupRemains(new ContainerGroupId("g" + i), new HostId("h1"), List.of())));
    ended.found(new GroupRemains(new ContainerGroupId("late"), new HostId("h2"), List.of()));
    assertThat(ended.remains(0)).extracting(GroupRemains::host).contains(new HostId("h2"));
  }

  @Test
  void recordsThatEndedBeforeTheirMonthWasMadeMoveIntoIt() {
    YearMonth month = YearMonth.now(ZoneOffset.UTC);
    Instant inMonth = month.atDay(15).atStartOfDay().toInstant(ZoneOffset.UTC);
    for (String id : List.of("early-1", "early-2")) {
      jdbc.update(
          """
          insert into container_group_history
            (id, account_id, region, name, status, record, created_at, ended_at)
          values (?, 'a', 'r', 'n', 'Succeeded', '{}', now(), ?::timestamptz)
          """,
          id,
          inMonth.toString());
    }
    assertThat(ids("container_group_history_default")).hasSize(2);

    housekeeping.run();
    housekeeping.run();

    String name =
        "container_group_history_%d_%02d".formatted(month.getYear(), month.getMonthValue());
    assertThat(ids(name)).containsExactly("early-1", "early-2");
    assertThat(ids("container_group_history_default")).isEmpty();
    assertThat(ids("container_group_history")).hasSize(2);
    assertThat(
            jdbc.queryForObject(
                "select count(*) from pg_inherits where inhparent ="
                    + " 'container_group_history'::regclass",
                Integer.class))
        .as("default, this month and the next")
        .isEqualTo(3);
  }
}
