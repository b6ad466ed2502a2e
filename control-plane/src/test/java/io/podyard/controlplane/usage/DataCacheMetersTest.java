package io.podyard.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestDatabase;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What of data caches is metered, by what happens to their rows, whichever release does it. */
class DataCacheMetersTest {

  private static final String PRICES =
      """
      insert into price (region, item, currency, per_second, valid_from)
      values ('cn-*', 'data-cache-disk', 'CNY', 1, '2018-08-08T00:00:00Z'),
             ('cn-*', 'data-cache-storage', 'CNY', 1, '2018-08-08T00:00:00Z')
      """;

  private static void insert(
      JdbcTemplate jdbc, String id, String region, String status, int revision) {
    jdbc.update(
        """
        insert into data_cache (id, account_id, region, bucket, path, name, status, revision, making,
                                created_at)
        values (?, 'acct-1', ?, 'default', '/' || ?, 'n', ?, ?, case when ? = 0 then 1 end,
                now() - interval '1 day')
        """,
        id,
        region,
        id,
        status,
        revision,
        revision);
    insertRevision(jdbc, id, 1, 20);
  }

  private static void insertRevision(JdbcTemplate jdbc, String id, int revision, int gib) {
    jdbc.update(
        """
        insert into data_cache_revision (cache_id, revision, size_gib, source, asked_at, deadline_at)
        values (?, ?, ?, '', now(), now())
        """,
        id,
        revision,
        gib);
  }

  private static void schedule(JdbcTemplate jdbc, String id, int revision, String host) {
    jdbc.update(
        """
        insert into data_cache_copy (id, cache_id, revision, host_id, shard)
        values (?, ?, ?, ?, 0)
        on conflict (id) do update set created_at = now(), finished_at = null
        """,
        id + "." + revision + "@" + host,
        id,
        revision,
        host);
  }

  private static List<String> metered(JdbcTemplate jdbc, String id) {
    return jdbc.query(
        """
        select concat_ws(' ', replace(group_id, ?, 'cache'), sequence, tariff, milli_cpu, memory_mib,
                         storage_gib, case when ended_at is null then 'open' else 'ended' end)
        from usage_interval where split_part(group_id, '.', 1) = ? order by group_id, sequence
        """,
        (row, n) -> row.getString(1),
        id,
        id);
  }

  /** How many seconds of the last minutes are metered by nothing between first and last. */
  private static long gaps(JdbcTemplate jdbc, String id) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            """
            select extract(epoch from max(coalesce(ended_at, now())) - min(started_at)
                                      - sum(coalesce(ended_at, now()) - started_at))::int8
            from usage_interval where group_id = ?
            """,
            Long.class,
            id));
  }

  @Test
  void oneIsMeteredFromItsFirstHostToItsDeletionAtTheSizeThatItHas() {
    try (TestDatabase database = TestDatabase.create()) {
      JdbcTemplate jdbc = database.jdbc();
      jdbc.update(PRICES);
      insert(jdbc, "edc-1", "cn-hangzhou", "Loading", 0);
      assertThat(metered(jdbc, "edc-1")).as("nobody reads it yet").isEmpty();
      schedule(jdbc, "edc-1", 1, "h1");
      assertThat(metered(jdbc, "edc-1"))
          .containsExactly("cache 1 data-cache-creation 2000 4096 20 open");
      // As when a host was lost, and the first one had it later.
      schedule(jdbc, "edc-1", 1, "h2");
      schedule(jdbc, "edc-1", 1, "h1");
      assertThat(metered(jdbc, "edc-1")).hasSize(1);

      jdbc.update("update data_cache set status = 'Available', revision = 1, making = null");
      // As when a group is on another host.
      schedule(jdbc, "edc-1", 1, "h3");
      jdbc.update("update data_cache_revision set size_gib = 25");
      insertRevision(jdbc, "edc-1", 2, 30);
      jdbc.update("update data_cache set status = 'Updating', making = 2, last_revision = 2");
      schedule(jdbc, "edc-1", 2, "h1");
      jdbc.update("update data_cache set status = 'UpdateFailed', making = null");
      insertRevision(jdbc, "edc-1", 3, 35);
      jdbc.update("update data_cache set status = 'Updating', making = 3, last_revision = 3");
      schedule(jdbc, "edc-1", 3, "h1");
      jdbc.update("update data_cache set status = 'Available', revision = 3, making = null");
      assertThat(metered(jdbc, "edc-1"))
          .containsExactly(
              "cache 1 data-cache-creation 2000 4096 20 ended",
              "cache 2 data-cache-storage 0 0 20 ended",
              "cache 3 data-cache-storage 0 0 25 ended",
              "cache 4 data-cache-storage 0 0 35 open",
              "cache.2 1 data-cache-creation 2000 4096 30 ended",
              "cache.3 1 data-cache-creation 2000 4096 35 ended");
      jdbc.update("update data_cache set deleting_at = now()");
      jdbc.update("update data_cache_revision set size_gib = 40");
      assertThat(metered(jdbc, "edc-1")).hasSize(6).noneMatch(line -> line.endsWith("open"));
      assertThat(gaps(jdbc, "edc-1")).isZero();
    }
  }

  @Test
  void oneThatFailsOrIsDeletedWhileItIsMadeCostsNoMoreThanThat() {
    try (TestDatabase database = TestDatabase.create()) {
      JdbcTemplate jdbc = database.jdbc();
      jdbc.update(PRICES);
      for (String id : List.of("edc-1", "edc-2")) {
        insert(jdbc, id, "cn-hangzhou", "Creating", 0);
        schedule(jdbc, id, 1, "h1");
      }
      jdbc.update("update data_cache set status = 'Failed' where id = 'edc-1'");
      jdbc.update("update data_cache set deleting_at = now() where id = 'edc-2'");
      for (String id : List.of("edc-1", "edc-2")) {
        assertThat(metered(jdbc, id))
            .containsExactly("cache 1 data-cache-creation 2000 4096 20 ended");
        // As when a group is on another host, or a host comes back.
        schedule(jdbc, id, 1, "h2");
        assertThat(metered(jdbc, id)).hasSize(1);
      }
    }
  }

  @Test
  void oneThatExpiredIsNotMeteredUntilThatIsSeen() {
    try (TestDatabase database = TestDatabase.create()) {
      JdbcTemplate jdbc = database.jdbc();
      jdbc.update(PRICES);
      insert(jdbc, "edc-1", "cn-hangzhou", "Loading", 0);
      jdbc.update("update data_cache set status = 'Available', revision = 1, making = null");
      jdbc.update("update usage_interval set started_at = started_at - interval '2 hours'");
      jdbc.update("update data_cache set deleting_at = now() - interval '1 hour'");
      assertThat(
              jdbc.queryForObject(
                  "select bool_and(u.ended_at = date_trunc('second', c.deleting_at, 'UTC'))"
                      + " from usage_interval u, data_cache c",
                  Boolean.class))
          .isTrue();
    }
  }

  @Test
  void whatHasNoPriceWhenItBeginsCostsNothing() {
    try (TestDatabase database = TestDatabase.create()) {
      JdbcTemplate jdbc = database.jdbc();
      insert(jdbc, "edc-1", "cn-hangzhou", "Loading", 0);
      schedule(jdbc, "edc-1", 1, "h1");
      jdbc.update("update data_cache set status = 'Available', revision = 1, making = null");
      jdbc.update(PRICES);
      jdbc.update("update data_cache set status = 'UpdateFailed'");
      assertThat(metered(jdbc, "edc-1")).isEmpty();
      jdbc.update("update data_cache_revision set size_gib = 25");
      assertThat(metered(jdbc, "edc-1")).containsExactly("cache 1 data-cache-storage 0 0 25 open");
    }
  }

  @Test
  void thoseThatAreThereAreKeptFromTheMigrationOnAndNothingIsChargedForThePast() {
    try (TestDatabase database = TestDatabase.asOf("35")) {
      JdbcTemplate jdbc = database.jdbc();
      jdbc.update(PRICES);
      insert(jdbc, "edc-1", "cn-hangzhou", "Available", 1);
      insert(jdbc, "edc-2", "cn-hangzhou", "Loading", 0);
      schedule(jdbc, "edc-2", 1, "h1");
      insert(jdbc, "edc-3", "cn-hangzhou", "Available", 1);
      jdbc.update("update data_cache set deleting_at = now() where id = 'edc-3'");
      insert(jdbc, "edc-4", "eu-central-1", "UpdateFailed", 1);
      jdbc.update(
          """
          insert into usage_interval (group_id, sequence, account_id, region, zone, milli_cpu,
                                      memory_mib, started_at)
          values ('eci-1', 1, 'acct-1', 'cn-hangzhou', 'z', 1000, 1024, '2026-03-01T12:00:00Z')
          """);
      String before = jdbc.queryForObject("select clock_timestamp()::text", String.class);

      database.migrate("36");

      assertThat(metered(jdbc, "edc-1")).containsExactly("cache 1 data-cache-storage 0 0 20 open");
      assertThat(
              jdbc.queryForObject(
                  "select started_at >= date_trunc('second', ?::timestamptz) from usage_interval"
                      + " where group_id = 'edc-1'",
                  Boolean.class,
                  before))
          .isTrue();
      for (String id : List.of("edc-2", "edc-3", "edc-4")) {
        assertThat(metered(jdbc, id)).as(id).isEmpty();
      }
      jdbc.update(
          "update usage_interval set ended_at = date_trunc('second', now()) where group_id = 'eci-1'");
      jdbc.update(
          "update data_cache set status = 'Available', revision = 1, making = null where id ="
              + " 'edc-2'");
      assertThat(metered(jdbc, "edc-2")).containsExactly("cache 1 data-cache-storage 0 0 20 open");
      assertThat(jdbc.queryForObject("select count(*) from usage_interval", Integer.class))
          .isEqualTo(3);
    }
  }
}
