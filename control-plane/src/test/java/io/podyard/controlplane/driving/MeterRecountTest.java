package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.podyard.billing.PlainRecount;
import io.podyard.billing.RandomBook;
import io.podyard.billing.RandomLives;
import io.podyard.billing.RandomLives.Happening;
import io.podyard.billing.RandomLives.Kind;
import io.podyard.billing.Rating;
import io.podyard.billing.UsageInterval;
import io.podyard.controlplane.containergroup.GroupTransition;
import io.podyard.controlplane.containergroup.SteppedTables;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.usage.IntervalRow;
import io.podyard.controlplane.usage.UsageIntervals;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The meter itself: what drivers decide of random lives of groups is written by the production
 * statements, hundreds at once, read as settling reads it, and counted second by second from the
 * log of what happened. Clocks step by an hour either way, hosts are lost, servers crash before
 * they commit, learn late, and write what another has written. {@code -Dpodyard.seed=N} repeats one
 * run, {@code -Dpodyard.lives=N} makes another number of them.
 */
class MeterRecountTest {

  private static final int LIVES = Integer.getInteger("podyard.lives", 100_000);
  private static final int AT_ONCE = 500;
  private static final long LAST = 8 * 3600;

  /** Ahead of the database's clock, so that no hour is over that would have to be settled again. */
  private static final Instant START = Instant.parse("2100-03-01T08:00:00Z");

  private final long seed = Long.getLong("podyard.seed", 20_260_301L);
  private final Random random = new Random(seed);
  private final RandomLives drawn = new RandomLives(random);
  private TestDatabase database;
  private JdbcTemplate jdbc;
  private SteppedTables tables;
  private UsageIntervals meter;
  private int crashes;
  private int tooLate;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    tables = new SteppedTables(jdbc, database.transaction());
    meter = new UsageIntervals(jdbc);
    jdbc.update(
        "insert into shard_lease (shard, holder, epoch) values (?, 'me', ?)",
        MeteredLife.SHARD,
        MeteredLife.EPOCH);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void countingEverySecondGivesWhatTheMeterWroteToTheLastDigit() {
    for (int lives = 0; lives < LIVES; lives += AT_ONCE) {
      List<MeteredLife> groups = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        ContainerGroupId id = new ContainerGroupId("eci-%06d".formatted(lives + i));
        groups.add(new MeteredLife(id, drawn.next(1), START));
      }
      create(groups);
      int step = 0;
      while (live(groups, step)) {
        step++;
      }
      check(groups);
      jdbc.execute(
          "truncate container_group, container_group_history, usage_interval, group_event cascade");
    }
    drawn.assertThatEverythingHappened(LIVES);
    assertThat(crashes).isGreaterThan(LIVES / AT_ONCE / 10);
    assertThat(tooLate).isGreaterThan(LIVES / 10);
  }

  /** As creates leave them that have found a host. */
  private void create(List<MeteredLife> groups) {
    jdbc.update(
        """
        insert into container_group
          (id, account_id, region, zone, name, status, milli_cpu, memory_mib, spec, kept, state,
           created_at)
        select n.id, '%s', '%s', '%s', n.id, 'Scheduling', n.milli_cpu, n.memory_mib, '{}', '{}',
               '{}', now()
        from unnest(?::text[], ?::int4[], ?::int4[]) as n (id, milli_cpu, memory_mib)
        """
            .formatted(MeteredLife.ACCOUNT, MeteredLife.REGION, MeteredLife.ZONE),
        Columns.of(groups)
            .text(group -> group.id().value())
            .integer(group -> group.size().cpu().value())
            .integer(group -> group.size().memory().value()));
  }

  /** Everybody's n-th step; false if all lives are over. */
  private boolean live(List<MeteredLife> groups, int n) {
    Map<MeteredLife, GroupTransition> steps = new LinkedHashMap<>();
    List<UsageIntervals.StorageChange> raised = new ArrayList<>();
    for (MeteredLife group : groups) {
      Happening happening = group.happening(n);
      if (happening != null && happening.kind() == Kind.STORAGE_RAISED) {
        group.storageRaised(happening.event());
        raised.add(
            new UsageIntervals.StorageChange(
                group.id(), happening.event().storageGib(), group.at(happening.event())));
      } else if (happening != null) {
        steps.put(group, group.step(happening, random));
      }
    }
    List<GroupTransition> tried = new ArrayList<>();
    steps.values().forEach(step -> tried.addAll(withWhatComesToNothing(step)));
    if (random.nextInt(4) == 0) {
      crashes++;
      write(tried, raised, true);
    }
    List<GroupTransition> done = write(tried, raised, false);
    assertThat(done).as("seed " + seed).isEqualTo(List.copyOf(steps.values()));
    if (random.nextInt(4) == 0) {
      assertThat(write(tried, List.of(), false)).as("seed " + seed).isEmpty();
    }
    steps.forEach(MeteredLife::written);
    return !steps.isEmpty() || !raised.isEmpty();
  }

  /** Now and then a server that lost its lease writes as well, or the same one twice. */
  private List<GroupTransition> withWhatComesToNothing(GroupTransition step) {
    int choice = random.nextInt(10);
    tooLate += choice < 2 ? 1 : 0;
    return switch (choice) {
      case 0 -> List.of(MeteredLife.later(step, MeteredLife.EPOCH - 1), step);
      case 1 -> List.of(step, MeteredLife.later(step, MeteredLife.EPOCH));
      default -> List.of(step);
    };
  }

  /** The steps that counted; if it crashes nobody learns of any. */
  private List<GroupTransition> write(
      List<GroupTransition> steps, List<UsageIntervals.StorageChange> raised, boolean crashes) {
    List<GroupTransition> done = new ArrayList<>();
    database
        .transaction()
        .executeWithoutResult(
            transaction -> {
              List<Boolean> written = tables.write(steps);
              for (int i = 0; i < steps.size(); i++) {
                if (written.get(i)) {
                  done.add(steps.get(i));
                }
              }
              meter.change(raised);
              if (crashes) {
                transaction.setRollbackOnly();
              }
            });
    return done;
  }

  private void check(List<MeteredLife> groups) {
    RandomBook prices = RandomBook.of(random, START);
    Map<ContainerGroupId, List<UsageInterval>> metered =
        jdbc
            .query(
                IntervalRow.SELECT + " order by i.group_id, i.sequence",
                (row, n) -> IntervalRow.interval(row))
            .stream()
            .collect(Collectors.groupingBy(UsageInterval::group));
    assertThat(metered).hasSize(groups.size());
    for (MeteredLife group : groups) {
      List<UsageInterval> own = metered.getOrDefault(group.id(), List.of());
      Supplier<String> which =
          () -> "seed %d, %s: %s gave %s".formatted(seed, group.id(), group.events(), own);
      PlainRecount recount = PlainRecount.of(group.events(), prices.plain(), LAST);
      assertThat(seconds(own, which)).as(which).isEqualTo(recount.seconds());
      BigDecimal rated =
          Rating.costSoFar(own, START.plusSeconds(LAST), prices.book()).stream()
              .map(Money::amount)
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(rated).as(which).isEqualByComparingTo(recount.amount());
    }
  }

  /** Of intervals that follow each other without a gap or an overlap. */
  private static long seconds(List<UsageInterval> intervals, Supplier<String> which) {
    Instant last = START.plusSeconds(LAST);
    long seconds = 0;
    @Nullable Instant before = intervals.getFirst().start();
    for (UsageInterval interval : intervals) {
      if (!interval.start().equals(before)) {
        fail("not where the one before ended: " + interval + ", " + which.get());
      }
      seconds += interval.until(last).length().toSeconds();
      before = interval.end();
    }
    return seconds;
  }
}
