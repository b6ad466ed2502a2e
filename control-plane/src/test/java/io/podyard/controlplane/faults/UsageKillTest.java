package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.judge.Rule;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** A server dies while it puts away what was metered: nothing is lost, nothing is there twice. */
class UsageKillTest {

  private static final int MANY = 30_000;

  /** Groups that are history and have an interval each, half of them a month before the others. */
  private static final String PLANTED =
      """
      with times as (
             select 'eci-over' || n || '-' || days as id, first,
                    first + interval '1 hour' as last
             from generate_series(1, %d) n cross join (values (50), (20)) d (days)
                  cross join lateral (
                    select date_trunc('second', now(), 'UTC')
                        - make_interval(days => days, secs => n) as first) f),
           owner as (select id from account limit 1),
           records as (
             insert into container_group_history
               (id, account_id, region, name, status, record, created_at, ended_at)
             select t.id, o.id, 'cn-hangzhou', 'g', 'Succeeded',
                    jsonb_build_object('goal', 'REMOVE', 'zone', 'cn-hangzhou-a', 'milli_cpu', 2000,
                      'memory_mib', 4096, 'spec', '{}'::jsonb, 'state', jsonb_build_object(
                        'chargedFrom', to_char(first at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SSZ'),
                        'endedAt', to_char(last at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SSZ'))),
                    first, last
             from times t cross join owner o)
      insert into usage_interval
        (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at, ended_at)
      select t.id, 1, o.id, 'cn-hangzhou', 'cn-hangzhou-a', 2000, 4096, first, last
      from times t cross join owner o
      """;

  @Test
  void killedBeforeAndAfterACommitItMovesEachIntervalOnce() throws Exception {
    try (ServerProcess server = ServerProcess.in("usage", Map.of()).start();
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      JdbcTemplate jdbc = inspection.jdbc();
      server.kill9();
      assertThat(jdbc.update(PLANTED.formatted(MANY / 2))).isEqualTo(MANY);
      String whole = digest(jdbc);
      for (String point : List.of("keepUsage:before:2", "keepUsage:after:3", "keepUsage:after:1")) {
        server.launch(Map.of("PODYARD_CRASH_AT", point));
        assertThat(server.diedWithin(Duration.ofMinutes(2))).as(point).isTrue();
        assertThat(digest(jdbc)).as(point).isEqualTo(whole);
        assertThat(count(jdbc, "usage_interval")).as(point).isBetween(1, MANY - 1);
      }
      server.launch(Map.of());
      // At any moment, as far as that can be hit.
      Waiting.until("some more", () -> count(jdbc, "usage_interval") < MANY / 2);
      server.kill9();
      assertThat(digest(jdbc)).isEqualTo(whole);
      server.start();
      Waiting.until("all of it", () -> count(jdbc, "usage_interval") == 0);
      assertThat(digest(jdbc)).isEqualTo(whole);
      assertThat(count(jdbc, "usage_interval_closed")).isEqualTo(MANY);
      assertThat(count(jdbc, "usage_interval_closed_default")).isZero();
      assertThat(inspection.judge().verdict(Duration.ZERO))
          .filteredOn(v -> v.rule() == Rule.USAGE)
          .isEmpty();
      assertThat(server.errors()).isEmpty();
    }
  }

  private static String digest(JdbcTemplate jdbc) {
    return String.valueOf(
        jdbc.queryForObject(
            """
            select count(*) || ' ' || md5(string_agg(i::text, ' ' order by group_id, sequence))
            from metered_interval i
            """,
            String.class));
  }

  private static int count(JdbcTemplate jdbc, String table) {
    Integer count = jdbc.queryForObject("select count(*) from " + table, Integer.class);
    return count == null ? -1 : count;
  }
}
