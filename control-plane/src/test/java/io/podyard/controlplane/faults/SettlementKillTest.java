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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Two servers settle one database and die again and again in the middle of it, each started again
 * while the other one goes on, and groups begin and end late all the time. In the end an
 * independent count of every account, hour and item comes to the same, to the last digit.
 */
class SettlementKillTest {

  /** A {@code kill -9} at any moment while all servers that are there settle. */
  private static final String RANDOM = "random";

  /** One server dies of them alone: who lists first lists all. */
  private static final List<String> LISTING = List.of("listHours:before:1", "listHours:after:1");

  /** Each is a death of one of the two. The last two die of a {@code kill -9}. */
  private static final List<String> SHORT =
      List.of("settle:before:3", "settle:after:2", RANDOM, RANDOM);

  private static final List<String> MORE =
      List.of("lateUsage:before:1", "settle:before:20", "lateUsage:after:1", "settle:after:20");

  private static final int RANDOM_KILLS = 20;
  private static final Duration BETWEEN_BURSTS = Duration.ofSeconds(1);
  private static final Duration LONGEST_OF_A_DEATH = Duration.ofMinutes(2);

  private static List<String> moments() {
    List<String> moments = new ArrayList<>(SHORT);
    if (Length.of(0, 1) == 1) {
      moments.addAll(0, MORE);
      while (moments.stream().filter(RANDOM::equals).count() < RANDOM_KILLS) {
        moments.add(RANDOM);
      }
    }
    return moments;
  }

  @Test
  void whereverTheyDieEveryHourIsChargedOnceForWhatWasUsed() throws Exception {
    SplittableRandom random = Length.random(SettlementKillTest.class);
    try (ServerPair pair =
        ServerPair.migrated("settle", Map.of("PODYARD_SETTLEMENT_GRACE", "0s"))) {
      JdbcTemplate jdbc = pair.jdbc();
      // Its groups have no records: they were forgotten.
      jdbc.update("update history_start set kept_from = now() + interval '1 hour'");
      LateMeter meter = new LateMeter(jdbc, random, Length.of(800, 10_000));
      for (String moment : LISTING.subList(Length.of(1, 0), LISTING.size())) {
        pair.first().launch(Map.of("PODYARD_CRASH_AT", moment));
        assertThat(pair.first().diedWithin(LONGEST_OF_A_DEATH)).as(moment).isTrue();
      }
      List<String> moments = moments();
      Race race = new Race(pair.both(), jdbc, random, moments);
      long burst = System.nanoTime();
      while (!race.isOver()) {
        if (System.nanoTime() > burst) {
          burst = System.nanoTime() + BETWEEN_BURSTS.toNanos();
          meter.goOn();
          // So that there is always enough for two.
          jdbc.update("update account_hour set due = true where not due");
        }
        race.goOn();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
      pair.first().start();
      meter.end();
      Waiting.until("the end of settling", Duration.ofMinutes(3), () -> isSettled(jdbc));
      assertThat(Recount.differences(jdbc)).isEmpty();
      assertThat(Recount.counted(jdbc)).isGreaterThan(2 * LateMeter.ACCOUNTS);
      assertThat(jdbc.queryForObject("select count(problem) from account_hour", Integer.class))
          .isZero();
      assertThat(jdbc.queryForObject("select count(why) from charge_line", Integer.class))
          .isPositive();
      assertThat(race.interrupted).as("deaths in the middle").isGreaterThan(moments.size() / 2);
      assertThat(race.together).as("both settled at once").isTrue();
      try (Inspection inspection = pair.inspect()) {
        inspection.mustBeDurable();
        inspection.mustBeContent();
      }
      for (ServerProcess server : pair.both()) {
        assertThat(server.errors()).isEmpty();
      }
      System.out.printf(
          "%d deaths of two servers, %d of them in the middle of settling %d accounts, hours and"
              + " items of %d groups: no difference%n",
          moments.size(), race.interrupted, Recount.counted(jdbc), meter.starts.size());
    }
  }

  /** What becomes of the two. */
  private static final class Race {

    private final List<ServerProcess> servers;
    private final JdbcTemplate jdbc;
    private final SplittableRandom random;
    private final Deque<String> moments;

    /** Of what those die that run. */
    private final Map<ServerProcess, String> dying = new HashMap<>();

    private long lastDeath = System.nanoTime();
    private int interrupted;
    private boolean together;

    Race(
        List<ServerProcess> servers,
        JdbcTemplate jdbc,
        SplittableRandom random,
        List<String> moments) {
      this.servers = servers;
      this.jdbc = jdbc;
      this.random = random;
      this.moments = new ArrayDeque<>(moments);
    }

    boolean isOver() {
      return moments.isEmpty() && dying.isEmpty();
    }

    void goOn() throws Exception {
      assertThat(System.nanoTime() - lastDeath)
          .as("nobody dies of %s", dying.values())
          .isLessThan(LONGEST_OF_A_DEATH.toNanos());
      long settling = settling(jdbc);
      together |= settling > 1;
      for (ServerProcess server : servers) {
        if (RANDOM.equals(dying.get(server)) && settling > 0 && settling >= dying.size()) {
          Waiting.during(Duration.ofMillis(random.nextInt(50)), server::isAlive);
          server.kill9();
        }
        if (dying.containsKey(server) && !server.isAlive()) {
          assertThat(server.diedWithin(Duration.ZERO)).isTrue();
          dying.remove(server);
          lastDeath = System.nanoTime();
          interrupted += isSettled(jdbc) ? 0 : 1;
          settling = 0;
        }
        if (!server.isAlive() && !moments.isEmpty()) {
          String moment = moments.remove();
          dying.put(server, moment);
          server.launch(moment.equals(RANDOM) ? Map.of() : Map.of("PODYARD_CRASH_AT", moment));
        }
      }
    }
  }

  /** How many servers do at this moment; their sessions are called after them. */
  private static long settling(JdbcTemplate jdbc) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            """
            select count(distinct application_name) from pg_stat_activity
            where application_name like 'podyard-_' and xact_start is not null
              and query ilike '%charge_line%'
            """,
            Long.class));
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
    void goOn() {
      open(starts.size() < groups ? groups / 20 + 1 : 20);
      close(running.size() / 10);
    }

    void end() {
      open(Math.max(1, groups - starts.size()));
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
