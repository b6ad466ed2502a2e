package io.podyard.controlplane.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.metric.MetricTables.Progress;
import io.podyard.controlplane.metric.MetricTables.Row;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Coarser records of finer ones on a real database, in stepped time. */
class RollUpTest {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration EVERY = Duration.ofSeconds(15);

  private final SteppedTime time = new SteppedTime(START);
  private TestDatabase database;
  private JdbcTemplate jdbc;
  private MetricTables tables;
  private MetricPartitions partitions;
  private MetricReading reading;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    jdbc.update("update metric_roll_up set done_until = '2026-03-01 06:00:00Z'");
    tables = new MetricTables(jdbc);
    partitions = new MetricPartitions(jdbc, database.transaction());
    reading = new MetricReading(jdbc, time);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static ContainerGroupId group(int number) {
    return new ContainerGroupId("eci-%03d".formatted(number));
  }

  private RollUp rollUp(int mostRows) {
    return new RollUp(tables, partitions, database.transaction(), mostRows);
  }

  private MetricHousekeeping housekeeping(TransactionTemplate transaction) {
    return new MetricHousekeeping(
        tables, partitions, new RollUp(tables, partitions, transaction), time);
  }

  /** Lets time go by with samples of some groups. */
  private List<MetricRecord> sampled(int groups, Duration length) {
    List<MetricRecord> first = new ArrayList<>();
    Instant from = time.instant();
    Instant to = from.plus(length);
    for (int i = 0; i < groups; i++) {
      // Other figures each hour, or they would be packed better than real ones.
      long seed = i + 1_000 * Duration.between(START, from).toHours();
      List<MetricRecord> records = Samples.from(seed, from, to, EVERY);
      if (i == 0) {
        first.addAll(records);
      }
      List<Row> rows = new ArrayList<>();
      for (MetricRecord one : records) {
        rows.add(new Row(group(i), one.at(), MetricPack.pack(List.of(one))));
      }
      records.forEach(one -> partitions.ensure(Resolution.SAMPLE, one.at()));
      tables.write(Resolution.SAMPLE, rows);
    }
    time.advance(length);
    return first;
  }

  private List<MetricRecord> kept(Resolution resolution, int group) {
    return tables.records(
        resolution, group(group), START.minus(Duration.ofDays(1)), START.plus(Duration.ofDays(90)));
  }

  @Test
  void minutesAndTenMinutesHoldWhatTheSamplesHeld() {
    List<MetricRecord> samples = sampled(3, Duration.ofHours(7));
    time.advance(RollUp.SETTLED);
    MetricHousekeeping housekeeping = housekeeping(database.transaction());
    housekeeping.round();

    assertThat(kept(Resolution.MINUTE, 0)).isEqualTo(MetricRecord.byWindow(samples, 60));
    assertThat(kept(Resolution.TEN_MINUTES, 0))
        .isEqualTo(
            MetricRecord.byWindow(
                samples.stream()
                    .filter(one -> one.at().isBefore(START.plus(Duration.ofHours(6))))
                    .toList(),
                600));
    assertThat(tables.progress(Resolution.MINUTE))
        .isEqualTo(new Progress(START.plus(Duration.ofHours(7)), ""));

    // The same again changes nothing.
    jdbc.update(
        "update metric_roll_up set done_until = '2026-03-01 16:00:00Z' where resolution ="
            + " 'MINUTE'");
    housekeeping.round();
    assertThat(MetricRecord.merged(kept(Resolution.MINUTE, 0)))
        .isEqualTo(MetricRecord.merged(samples));
  }

  @Test
  void nothingIsLostOrDoubledWhoeverDiesInBetween() {
    List<MetricRecord> samples = sampled(20, Duration.ofMinutes(30));
    time.advance(RollUp.SETTLED);
    // Three groups of forty rows each fit into a transaction.
    int transactions = 0;
    while (true) {
      // The first that does it dies before its commit.
      TransactionTemplate dying = database.transaction();
      assertThatThrownBy(
              () ->
                  dying.executeWithoutResult(
                      _ -> {
                        boolean _ = rollUp(121).step(Resolution.MINUTE, time.instant());
                        throw new IllegalStateException("killed");
                      }))
          .hasMessage("killed");
      Progress before = tables.progress(Resolution.MINUTE);
      // The next one, with another idea of how much is done at once, goes on where it was.
      if (!rollUp(transactions % 2 == 0 ? 121 : 301).step(Resolution.MINUTE, time.instant())) {
        break;
      }
      assertThat(tables.progress(Resolution.MINUTE)).isNotEqualTo(before);
      transactions++;
    }
    assertThat(transactions).isGreaterThan(6);
    for (int i = 0; i < 20; i++) {
      List<MetricRecord> expected =
          MetricRecord.byWindow(
              Samples.from(i, START, START.plus(Duration.ofMinutes(30)), EVERY), 60);
      assertThat(kept(Resolution.MINUTE, i)).as("group %d", i).isEqualTo(expected);
    }
    assertThat(MetricRecord.merged(kept(Resolution.MINUTE, 0)))
        .isEqualTo(MetricRecord.merged(samples));
  }

  @Test
  void manyAtOnceDoEachPartOnce() throws Exception {
    List<MetricRecord> samples = sampled(20, Duration.ofMinutes(60));
    time.advance(RollUp.SETTLED);
    CountDownLatch together = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            threads.submit(
                () -> {
                  together.await();
                  for (int step = 0; step < 200; step++) {
                    boolean _ = rollUp(121).step(Resolution.MINUTE, time.instant());
                  }
                  return null;
                }));
      }
      together.countDown();
      for (Future<?> one : all) {
        one.get();
      }
    }
    while (rollUp(121).step(Resolution.MINUTE, time.instant())) {
      // What they left to one another.
    }
    assertThat(tables.progress(Resolution.MINUTE).until())
        .isEqualTo(START.plus(Duration.ofHours(1)));
    assertThat(kept(Resolution.MINUTE, 0)).isEqualTo(MetricRecord.byWindow(samples, 60));
  }

  @Test
  void eachMomentIsReadOnceAtTheFinestThatIsKept() {
    List<MetricRecord> samples = sampled(1, Duration.ofMinutes(200));
    MetricHousekeeping housekeeping = housekeeping(database.transaction());
    housekeeping.round();
    Instant now = time.instant();

    for (Duration window :
        List.of(
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(600))) {
      List<MetricRecord> all = reading.records(group(0), START, now, window);
      assertThat(MetricRecord.merged(all)).isEqualTo(MetricRecord.merged(samples));
      List<MetricRecord> lately =
          samples.stream().filter(one -> !one.at().isBefore(now.minusSeconds(1200))).toList();
      assertThat(reading.records(group(0), now.minusSeconds(1200), now, window))
          .isEqualTo(MetricRecord.byWindow(lately, window.toSeconds()));
    }
    // Older than an hour it is the minutes that are left.
    assertThat(reading.records(group(0), START, START.plusSeconds(600), EVERY)).hasSize(10);

    assertThat(reading.newest(List.of(group(0), group(1))))
        .containsOnlyKeys(group(0))
        .containsEntry(group(0), samples.getLast());
    time.advance(Duration.ofHours(12));
    housekeeping.round();
    assertThat(partitions.all(Resolution.SAMPLE)).hasSizeLessThanOrEqualTo(4);
    assertThat(reading.newest(List.of(group(0))).get(group(0)))
        .isEqualTo(MetricRecord.byWindow(samples, 60).getLast());
    time.advance(Duration.ofDays(4));
    housekeeping.round();
    assertThat(reading.newest(List.of(group(0))).get(group(0)))
        .isEqualTo(MetricRecord.byWindow(samples, 600).getLast());
    assertThat(MetricRecord.merged(reading.records(group(0), START, now, EVERY)))
        .isEqualTo(MetricRecord.merged(samples));
    time.advance(Duration.ofDays(27));
    housekeeping.round();
    assertThat(reading.records(group(0), START, now, EVERY)).isEmpty();
    assertThat(reading.newest(List.of(group(0)))).isEmpty();
    assertThat(rows("metric_ten_minutes")).isZero();
  }

  private int rows(String table) {
    Integer rows = jdbc.queryForObject("select count(*) from " + table, Integer.class);
    return rows == null ? -1 : rows;
  }

  /** Kept for a day and measured: what the documents say of the size. */
  @Test
  void aGroupTakesABoundedNumberOfBytesADay() {
    MetricHousekeeping housekeeping = housekeeping(database.transaction());
    housekeeping.makeRoom();
    for (int i = 0; i < 24; i++) {
      List<MetricRecord> _ = sampled(2, Duration.ofHours(1));
      housekeeping.round();
    }
    time.advance(Duration.ofMinutes(10));
    housekeeping.round();

    assertThat(rows("metric_minutes")).isEqualTo(2 * 24 * 6);
    assertThat(rows("metric_ten_minutes")).isEqualTo(2 * 4);
    assertThat(kept(Resolution.TEN_MINUTES, 0)).hasSize(24 * 6);
    long samples = bytes("metric_sample") / 2 / partitionsWithRows("metric_sample");
    long minutes = bytes("metric_minutes") / 2;
    long tens = bytes("metric_ten_minutes") / 2;
    System.out.printf(
        "bytes of a group: %d an hour of samples, %d a day of minutes, %d a day of ten minutes%n",
        samples, minutes, tens);
    assertThat(samples).isLessThan(100_000);
    assertThat(minutes).isLessThan(250_000);
    assertThat(tens).isLessThan(25_000);
    assertThat(partitions.all(Resolution.SAMPLE)).hasSizeLessThanOrEqualTo(4);
  }

  private int partitionsWithRows(String table) {
    Integer found =
        jdbc.queryForObject("select count(distinct tableoid) from " + table, Integer.class);
    return found == null ? 1 : Math.max(1, found);
  }

  /** Of rows and their index entries. */
  private long bytes(String table) {
    Long bytes =
        jdbc.queryForObject(
            "select sum(octet_length(data) + octet_length(group_id) + 8 + 28 + 48) from " + table,
            Long.class);
    return bytes == null ? 0 : bytes;
  }

  @Test
  void whatNobodyWatchedIsPassedOver() {
    List<MetricRecord> early = sampled(1, Duration.ofMinutes(30));
    time.advance(Duration.ofDays(20));
    List<MetricRecord> late = sampled(1, Duration.ofMinutes(30));
    time.advance(RollUp.SETTLED);

    int steps = 0;
    while (rollUp(5_000).step(Resolution.MINUTE, time.instant())) {
      steps++;
    }

    assertThat(steps).isLessThan(20);
    assertThat(kept(Resolution.MINUTE, 0))
        .isEqualTo(
            Stream.concat(
                    MetricRecord.byWindow(early, 60).stream(),
                    MetricRecord.byWindow(late, 60).stream())
                .toList());
    assertThat(tables.progress(Resolution.MINUTE).until())
        .isEqualTo(START.plus(Duration.ofDays(20)).plus(Duration.ofMinutes(60)));
  }
}
