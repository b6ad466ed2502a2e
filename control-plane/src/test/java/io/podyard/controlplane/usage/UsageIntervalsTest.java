package io.podyard.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.billing.Metered;
import io.podyard.billing.UsageInterval;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the meter writes, whatever clocks say, and which hours it says are to be charged again. */
class UsageIntervalsTest {

  /** Ten minutes after a full hour. */
  private static final Instant NOW = Instant.parse("2026-03-01T12:10:00Z");

  private static final AccountId ACCOUNT = new AccountId("acct-1");
  private static final AccountId OTHER = new AccountId("acct-2");
  private static final Metered SMALL = Metered.of(Size.of(250, 512));

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private UsageIntervals meter;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    meter = new UsageIntervals(jdbc);
    now(NOW);
    jdbc.execute(
        """
        do $$
        declare f record;
        begin
          for f in select pg_get_functiondef(oid) as definition from pg_proc
                   where proname in ('note_late_start', 'note_late_end') loop
            execute replace(f.definition, 'clock_timestamp()', 'test_now()');
          end loop;
        end $$
        """);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Sets the database's clock, as far as the meter looks at it. */
  private void now(Instant now) {
    jdbc.execute(
        """
        create or replace function test_now() returns timestamptz language sql stable as
          $$ select timestamptz '%s' $$
        """
            .formatted(now));
  }

  private static ContainerGroupId group(int number) {
    return new ContainerGroupId("eci-%04d".formatted(number));
  }

  private static UsageIntervals.Opening opening(
      AccountId account, ContainerGroupId group, Metered metered, Instant at) {
    return new UsageIntervals.Opening(
        group, account, new RegionId("cn-hangzhou"), new ZoneId("cn-hangzhou-a"), metered, at);
  }

  private void starts(int group, Instant at) {
    meter.open(List.of(opening(ACCOUNT, group(group), SMALL, at)));
  }

  private void stops(int group, Instant at) {
    meter.close(List.of(new UsageIntervals.Closing(group(group), at)));
  }

  private List<String> intervals(int group) {
    return intervals(group(group));
  }

  private List<String> intervals(ContainerGroupId metered) {
    return new StoredIntervals(jdbc)
        .of(ACCOUNT, List.of(metered)).stream().map(UsageIntervalsTest::words).toList();
  }

  private static String words(UsageInterval interval) {
    return "%d: %s to %s, %d GiB"
        .formatted(
            interval.sequence(), interval.start(), interval.end(), interval.metered().storageGib());
  }

  private List<String> late() {
    return jdbc.query(
        "select account_id, hour at time zone 'UTC' from late_usage order by id",
        (row, n) -> row.getString(1) + " " + row.getString(2).substring(11, 16));
  }

  @Test
  void theDiskOfAnImageCacheIsMeteredWhileItsGroupIsForWhatTheGroupDidNotBuy() {
    meter.open(List.of(withDisk(1, NOW)));
    jdbc.update(
        """
        insert into price (region, item, currency, per_second, valid_from)
        values ('cn-*', 'image-cache-use', 'CNY', 1, '2018-08-08T00:00:00Z')
        """);
    meter.open(List.of(withDisk(2, NOW), withDisk(3, NOW.plusSeconds(1))));
    starts(4, NOW);
    meter.change(List.of(new UsageIntervals.StorageChange(group(2), 4, NOW.plusSeconds(20))));
    stops(3, NOW.plusSeconds(9));
    stops(2, NOW.plusSeconds(30));
    meter.open(List.of(withDisk(2, NOW.plusSeconds(40))));

    assertThat(intervals(disk(1))).as("it had no price").isEmpty();
    assertThat(intervals(disk(2)))
        .containsExactly(
            "1: 2026-03-01T12:10:00Z to 2026-03-01T12:10:20Z, 10 GiB",
            "2: 2026-03-01T12:10:20Z to 2026-03-01T12:10:30Z, 6 GiB",
            "3: 2026-03-01T12:10:40Z to null, 10 GiB");
    assertThat(intervals(disk(3)))
        .containsExactly("1: 2026-03-01T12:10:01Z to 2026-03-01T12:10:09Z, 10 GiB");
    assertThat(intervals(disk(4))).isEmpty();
    assertThat(
            jdbc.queryForList(
                "select distinct tariff from usage_interval where group_id like '%.imc'",
                String.class))
        .containsExactly("image-cache-use");
  }

  private static UsageIntervals.Opening withDisk(int group, Instant at) {
    return new UsageIntervals.Opening(
        group(group),
        ACCOUNT,
        new RegionId("cn-hangzhou"),
        new ZoneId("cn-hangzhou-a"),
        SMALL,
        10,
        0,
        at);
  }

  private static ContainerGroupId disk(int group) {
    return new ContainerGroupId(group(group) + ".imc");
  }

  @Test
  void theDisksOfDataCachesAreMeteredWhileTheirGroupIsWhateverItBuys() {
    meter.open(List.of(mounting(1)));
    jdbc.update(
        """
        insert into price (region, item, currency, per_second, valid_from)
        values ('cn-*', 'data-cache-use', 'CNY', 1, '2018-08-08T00:00:00Z')
        """);
    meter.open(List.of(mounting(2)));
    starts(3, NOW);
    meter.change(List.of(new UsageIntervals.StorageChange(group(2), 50, NOW.plusSeconds(20))));
    stops(1, NOW.plusSeconds(30));
    stops(2, NOW.plusSeconds(30));
    meter.open(List.of(mounting(1)));

    assertThat(intervals(data(1)))
        .as("it had no price at first")
        .containsExactly("1: 2026-03-01T12:10:30Z to null, 40 GiB");
    assertThat(intervals(data(2)))
        .containsExactly(
            "1: 2026-03-01T12:10:00Z to 2026-03-01T12:10:20Z, 40 GiB",
            "2: 2026-03-01T12:10:20Z to 2026-03-01T12:10:30Z, 40 GiB");
    assertThat(intervals(data(3))).isEmpty();
  }

  private static UsageIntervals.Opening mounting(int group) {
    return new UsageIntervals.Opening(
        group(group),
        ACCOUNT,
        new RegionId("cn-hangzhou"),
        new ZoneId("cn-hangzhou-a"),
        SMALL,
        0,
        40,
        NOW);
  }

  private static ContainerGroupId data(int group) {
    return new ContainerGroupId(group(group) + ".edc");
  }

  @Test
  void aClockThatIsSetBackByAnHourMakesNoOverlapAndNoFailure() {
    starts(1, NOW);
    stops(1, NOW.plusSeconds(100));
    Instant back = NOW.minus(Duration.ofHours(1));
    starts(1, back);
    stops(1, back.plusSeconds(50));
    starts(1, back.plusSeconds(60));
    stops(1, NOW.plusSeconds(200));
    assertThat(intervals(1))
        .containsExactly(
            "1: 2026-03-01T12:10:00Z to 2026-03-01T12:11:40Z, 0 GiB",
            "2: 2026-03-01T12:11:40Z to 2026-03-01T12:11:40Z, 0 GiB",
            "3: 2026-03-01T12:11:40Z to 2026-03-01T12:13:20Z, 0 GiB");
  }

  @Test
  void aClockThatIsSetForwardAndBackAgainLosesTimeAndChargesNoneTwice() {
    Instant ahead = NOW.plus(Duration.ofHours(1));
    starts(1, NOW);
    stops(1, ahead);
    starts(1, NOW.plusSeconds(10));
    stops(1, ahead.plusSeconds(5));
    assertThat(intervals(1))
        .containsExactly(
            "1: 2026-03-01T12:10:00Z to 2026-03-01T13:10:00Z, 0 GiB",
            "2: 2026-03-01T13:10:00Z to 2026-03-01T13:10:05Z, 0 GiB");
  }

  @Test
  void otherStorageIsAnIntervalOfItsOwn() {
    meter.open(List.of(opening(ACCOUNT, group(1), SMALL.withStorage(35), NOW)));
    starts(2, NOW);
    stops(2, NOW.plusSeconds(1));
    meter.change(
        List.of(
            new UsageIntervals.StorageChange(group(1), 5, NOW.plusSeconds(5)),
            new UsageIntervals.StorageChange(group(2), 9, NOW.plusSeconds(5)),
            new UsageIntervals.StorageChange(group(3), 9, NOW.plusSeconds(5))));
    meter.change(
        List.of(new UsageIntervals.StorageChange(group(1), 9, NOW.plusSeconds(10).plusMillis(9))));
    // By a clock that was set back.
    meter.change(List.of(new UsageIntervals.StorageChange(group(1), 20, NOW.minusSeconds(60))));
    assertThat(intervals(1))
        .containsExactly(
            "1: 2026-03-01T12:10:00Z to 2026-03-01T12:10:10Z, 5 GiB",
            "2: 2026-03-01T12:10:10Z to 2026-03-01T12:10:10Z, 9 GiB",
            "3: 2026-03-01T12:10:10Z to null, 20 GiB");
    assertThat(intervals(2)).hasSize(1);
    assertThat(intervals(3)).isEmpty();
  }

  @Test
  void whatBeginsAndEndsInThisHourIsNotLate() {
    starts(1, NOW.minusSeconds(600));
    stops(1, NOW);
    starts(1, NOW);
    assertThat(late()).isEmpty();
  }

  @Test
  void anEndTwoHoursAgoMarksTheHoursFromThenOn() {
    now(NOW.minus(Duration.ofHours(4)));
    starts(1, NOW.minus(Duration.ofHours(4)));
    now(NOW);
    assertThat(late()).isEmpty();
    stops(1, NOW.minus(Duration.ofHours(2)));
    assertThat(late()).containsExactly("acct-1 10:00", "acct-1 11:00");
  }

  @Test
  void anEndAMinuteAgoMarksTheHourBeforeIfItWasInThat() {
    now(Instant.parse("2026-03-01T11:30:00Z"));
    starts(1, Instant.parse("2026-03-01T11:30:00Z"));
    now(Instant.parse("2026-03-01T12:00:00Z"));
    stops(1, Instant.parse("2026-03-01T11:59:59.999Z"));
    assertThat(late()).containsExactly("acct-1 11:00");
  }

  @Test
  void anEndAtTheFullHourMarksNothing() {
    now(Instant.parse("2026-03-01T11:30:00Z"));
    starts(1, Instant.parse("2026-03-01T11:30:00Z"));
    now(Instant.parse("2026-03-01T12:00:30Z"));
    stops(1, Instant.parse("2026-03-01T12:00:00Z"));
    assertThat(late()).isEmpty();
  }

  @Test
  void aStartThatIsLearntLateMarksItsHours() {
    starts(1, NOW.minus(Duration.ofHours(2)));
    assertThat(late()).containsExactlyInAnyOrder("acct-1 10:00", "acct-1 11:00");
  }

  @Test
  void theLossOfAThousandGroupsMarksEachHourOfAnAccountOnce() {
    now(NOW.minus(Duration.ofHours(3)));
    List<UsageIntervals.Opening> openings = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      openings.add(
          opening(i % 2 == 0 ? ACCOUNT : OTHER, group(i), SMALL, NOW.minus(Duration.ofHours(3))));
    }
    meter.open(openings);
    assertThat(late()).isEmpty();
    now(NOW);
    meter.close(
        IntStream.range(0, 1000)
            .mapToObj(
                i ->
                    new UsageIntervals.Closing(
                        group(i), NOW.minus(Duration.ofMinutes(80)).plusSeconds(i % 60)))
            .toList());
    assertThat(late())
        .containsExactlyInAnyOrder("acct-1 10:00", "acct-1 11:00", "acct-2 10:00", "acct-2 11:00");
    assertThat(
            jdbc.queryForObject(
                "select count(*) from usage_interval where ended_at is null", Integer.class))
        .isZero();
  }

  @Test
  void theBenchmarkClosesAsTheMeterDoes() throws IOException {
    Path benchmark = Path.of("../bench/src/main/java/io/podyard/bench/closes/Intervals.java");
    assertThat(Files.readString(benchmark).replaceAll("\\s+", " "))
        .contains(UsageIntervals.CLOSE.strip().replaceAll("\\s+", " "));
  }

  @Test
  void anEarlierReleaseMarksThemAsWell() {
    jdbc.update(
        """
        insert into usage_interval
          (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at)
        values ('eci-old', 1, 'acct-1', 'r', 'r-a', 250, 512, '2026-03-01T11:30:00Z')
        """);
    assertThat(late()).containsExactly("acct-1 11:00");
    jdbc.update("update usage_interval set ended_at = '2026-03-01T11:40:00Z'");
    assertThat(late()).containsExactly("acct-1 11:00", "acct-1 11:00");
    jdbc.update("update usage_interval set tariff = 'economy'");
    assertThat(late()).as("its times are the same").hasSize(2);
  }
}
