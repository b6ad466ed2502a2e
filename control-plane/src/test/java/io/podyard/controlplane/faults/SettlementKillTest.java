package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.billing.Metered;
import io.podyard.controlplane.settlement.Recount;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.usage.UsageIntervals;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The server dies again and again in the middle of settling, while groups begin and end late. In
 * the end an independent count of every account, hour and item comes to the same, to the last
 * digit.
 */
class SettlementKillTest {

  /** Each is a kill of its own; {@code random} is a {@code kill -9} at any moment. */
  private static final List<String> SHORT =
      List.of("listHours:after:1", "settle:before:3", "random", "settle:after:2", "random");

  private static final List<String> MORE =
      List.of(
          "listHours:before:1",
          "lateUsage:before:1",
          "settle:before:20",
          "lateUsage:after:1",
          "settle:after:20");

  private static final int RANDOM_KILLS = 20;

  private static List<String> moments() {
    List<String> moments = new ArrayList<>(SHORT);
    if (Length.of(0, 1) == 1) {
      moments.addAll(0, MORE);
      while (moments.stream().filter("random"::equals).count() < RANDOM_KILLS) {
        moments.add("random");
      }
    }
    return moments;
  }

  @Test
  void whereverItDiesEveryHourIsChargedOnceForWhatWasUsed() throws Exception {
    SplittableRandom random = Length.random(SettlementKillTest.class);
    List<String> moments = moments();
    try (ServerProcess server =
            ServerProcess.in("settle", Map.of("PODYARD_SETTLEMENT_GRACE", "0s")).start();
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      inspection.mustBeDurable();
      server.kill9();
      JdbcTemplate jdbc = inspection.jdbc();
      // Its groups have no records: they were forgotten.
      jdbc.update("update history_start set kept_from = now() + interval '1 hour'");
      LateMeter meter = new LateMeter(jdbc, random, Length.of(1_000, 10_000));
      int interrupted = 0;
      for (String moment : moments) {
        meter.goOn(moments.size());
        if (moment.equals("random")) {
          server.start();
          Waiting.until("settling", () -> isSettling(jdbc));
          Waiting.during(Duration.ofMillis(random.nextInt(400)), server::isAlive);
          server.kill9();
        } else {
          server.launch(Map.of("PODYARD_CRASH_AT", moment));
          assertThat(server.diedWithin(Duration.ofMinutes(2))).as(moment).isTrue();
        }
        interrupted += isSettled(jdbc) ? 0 : 1;
      }
      server.start();
      meter.end();
      Waiting.until("the end of settling", Duration.ofMinutes(3), () -> isSettled(jdbc));
      assertThat(Recount.differences(jdbc)).isEmpty();
      assertThat(Recount.counted(jdbc)).isGreaterThan(2 * LateMeter.ACCOUNTS);
      assertThat(jdbc.queryForObject("select count(problem) from account_hour", Integer.class))
          .isZero();
      assertThat(jdbc.queryForObject("select count(why) from charge_line", Integer.class))
          .isPositive();
      assertThat(interrupted).as("deaths in the middle").isGreaterThan(moments.size() / 2);
      inspection.mustBeContent();
      assertThat(server.errors()).isEmpty();
      System.out.printf(
          "%d deaths, %d of them in the middle of settling %d accounts, hours and items: no"
              + " difference%n",
          moments.size(), interrupted, Recount.counted(jdbc));
    }
  }

  private static boolean isSettling(JdbcTemplate jdbc) {
    return is(
        jdbc,
        """
        select exists (select 1 from pg_stat_activity
                       where application_name = 'podyard-settlement' and xact_start is not null
                         and query ilike '%charge_line%')
        """);
  }

  private static boolean isSettled(JdbcTemplate jdbc) {
    return is(
        jdbc,
        """
        select (select max(hour) from metered_hour)
                 >= date_trunc('hour', now(), 'UTC') - interval '1 hour'
           and not exists (select 1 from metered_hour where not listed)
           and not exists (select 1 from account_hour where due)
           and not exists (select 1 from late_usage)
        """);
  }

  private static boolean is(JdbcTemplate jdbc, String sql) {
    return Boolean.TRUE.equals(jdbc.queryForObject(sql, Boolean.class));
  }

  /** Groups of the last hours, told through the statements of the meter, most of them late. */
  private static final class LateMeter {

    static final int ACCOUNTS = 20;
    private static final int HOURS = 8;
    private static final int AT_ONCE = 500;

    private final UsageIntervals meter;
    private final SplittableRandom random;
    private final Instant first =
        Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(HOURS));
    private final List<Integer> running = new ArrayList<>();
    private final List<Instant> starts = new ArrayList<>();
    private final int groups;

    LateMeter(JdbcTemplate jdbc, SplittableRandom random, int groups) {
      this.meter = new UsageIntervals(jdbc);
      this.random = random;
      this.groups = groups;
      open(groups / 2);
    }

    /** Begins and ends some of them. */
    void goOn(int times) {
      open(Math.min(groups - starts.size(), groups / 2 / times + 1));
      close(running.size() / 4);
    }

    void end() {
      open(groups - starts.size());
      close(running.size());
    }

    private void open(int count) {
      List<UsageIntervals.Opening> openings = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = starts.size();
        Instant start = first.plusMillis(random.nextLong(Duration.ofHours(HOURS).toMillis()));
        starts.add(start);
        running.add(number);
        openings.add(
            new UsageIntervals.Opening(
                group(number),
                new AccountId("acct-" + number % ACCOUNTS),
                new RegionId("cn-hangzhou"),
                new ZoneId("cn-hangzhou-" + "abc".charAt(number % 3)),
                Metered.of(Size.of(250 * (1 + random.nextInt(16)), 64 * (1 + random.nextInt(128)))),
                start));
      }
      for (int from = 0; from < count; from += AT_ONCE) {
        meter.open(openings.subList(from, Math.min(count, from + AT_ONCE)));
      }
    }

    private void close(int count) {
      List<UsageIntervals.Closing> closings = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = running.remove(random.nextInt(running.size()));
        Instant start = starts.get(number);
        long left = Duration.between(start, Instant.now()).toMillis();
        closings.add(
            new UsageIntervals.Closing(group(number), start.plusMillis(random.nextLong(left))));
      }
      for (int from = 0; from < count; from += AT_ONCE) {
        meter.close(closings.subList(from, Math.min(count, from + AT_ONCE)));
      }
    }

    private static ContainerGroupId group(int number) {
      return new ContainerGroupId("eci-%06d".formatted(number));
    }
  }
}
