package io.podyard.billing;

import static io.podyard.billing.Settled.B;
import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.podyard.billing.PlainRecount.Event;
import io.podyard.billing.PlainRecount.PlainPrice;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A hundred thousand random lives of groups, charged by the hour while they are only partly known
 * and then to the end, and counted second by second from the log of what happened. {@code
 * -Dpodyard.seed=N} repeats one run, {@code -Dpodyard.lives=N} makes another number of them. The
 * control plane's {@code MeterRecountTest} does the same with what its meter writes.
 */
class RecountTest {

  private static final int LIVES = Integer.getInteger("podyard.lives", 100_000);
  private static final int AT_ONCE = 250;
  private static final long LAST = 8 * 3600;

  private final long seed = Long.getLong("podyard.seed", 20_260_301L);
  private final Random random = new Random(seed);
  private final RandomLives drawn = new RandomLives(random);
  private int adjustments;

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void countingEverySecondGivesTheSameToTheLastDigit() {
    for (int lives = 0; lives < LIVES; lives += AT_ONCE) {
      RandomBook prices = RandomBook.of(random, T0);
      Map<ContainerGroupId, List<Event>> logs = new TreeMap<>();
      for (int i = 0; i < AT_ONCE; i++) {
        // Whatever else is metered may begin again, a group does not.
        int starts = random.nextInt(4) == 0 ? 2 : 1;
        logs.put(
            new ContainerGroupId("eci-" + i),
            drawn.next(starts).stream().map(RandomLives.Happening::event).toList());
      }
      check(prices.book(), prices.plain(), logs);
    }
    drawn.assertThatEverythingHappened(LIVES);
    assertThat(adjustments).isGreaterThan(LIVES / 10);
  }

  private void check(PriceBook book, PlainPrice[] plain, Map<ContainerGroupId, List<Event>> logs) {
    Map<ContainerGroupId, List<UsageInterval>> intervals = new TreeMap<>();
    logs.forEach((group, log) -> intervals.put(group, metered(group, log, Long.MAX_VALUE)));
    List<UsageInterval> all = intervals.values().stream().flatMap(List::stream).toList();
    Map<String, BigDecimal> charged = new TreeMap<>();
    for (SettledLine line : settled(book, logs, all)) {
      charged.merge(line.slot().resource().id(), line.amount().amount(), BigDecimal::add);
      adjustments += line.isAdjustment() ? 1 : 0;
    }
    logs.forEach(
        (group, log) -> {
          List<UsageInterval> own = intervals.getOrDefault(group, List.of());
          Supplier<String> which = () -> "seed %d, %s: %s".formatted(seed, group, log);
          PlainRecount recount = PlainRecount.of(log, plain, LAST);
          long seconds = 0;
          Instant before = Instant.MIN;
          for (UsageInterval interval : own) {
            if (interval.start().isBefore(before)) {
              fail("overlaps: " + interval + " of " + which.get());
            }
            seconds += interval.until(at(LAST)).length().toSeconds();
            before = interval.until(at(LAST)).end();
          }
          assertThat(seconds).as(which).isEqualTo(recount.seconds());
          assertThat(charged.getOrDefault(group.value(), BigDecimal.ZERO))
              .as(which)
              .isEqualByComparingTo(recount.amount());
          BigDecimal rated =
              Rating.costSoFar(own, at(LAST), book).stream()
                  .map(money -> money.amount())
                  .reduce(BigDecimal.ZERO, BigDecimal::add);
          assertThat(rated).as(which).isEqualByComparingTo(recount.amount());
        });
  }

  /** Every hour is settled when it has passed, by what was known then, and again at the end. */
  private static List<SettledLine> settled(
      PriceBook book, Map<ContainerGroupId, List<Event>> logs, List<UsageInterval> all) {
    Settlement settlement = new Settlement(book);
    List<SettledLine> lines = new ArrayList<>();
    for (Hour hour = new Hour(T0.minusSeconds(12 * 3600));
        hour.start().isBefore(at(LAST));
        hour = hour.next()) {
      AccountHour of = new AccountHour(ACCOUNT, hour);
      long known = hour.end().getEpochSecond() - T0.getEpochSecond();
      List<UsageInterval> now = touching(all, hour);
      List<UsageInterval> then = new ArrayList<>();
      logs.forEach((group, log) -> then.addAll(metered(group, log, known)));
      if (now.isEmpty() && then.isEmpty()) {
        continue;
      }
      List<SettledLine> first =
          settlement.settle(of, Agreements.NONE, touching(then, hour), List.of());
      lines.addAll(first);
      lines.addAll(settlement.settle(of, Agreements.NONE, now, first));
    }
    return lines;
  }

  private static List<UsageInterval> touching(List<UsageInterval> intervals, Hour hour) {
    return intervals.stream()
        .filter(interval -> interval.until(hour.end()).overlaps(hour.period()))
        .toList();
  }

  /** What the meter makes of that part of the log which is known by then. */
  private static List<UsageInterval> metered(ContainerGroupId group, List<Event> log, long known) {
    List<UsageInterval> intervals = new ArrayList<>();
    for (Event event : log) {
      if (event.knownAt() > known) {
        break;
      }
      Instant at = at(event.second()).plusNanos(event.nano());
      Metered size =
          new Metered(
              Size.of(event.milliCpu(), event.memoryMib()),
              event.gpuMilli(),
              Tariff.STANDARD,
              event.storageGib());
      switch (event.what()) {
        case STARTED ->
            intervals.add(
                intervals.isEmpty()
                    ? PlainMeter.open(group, ACCOUNT, HANGZHOU, B, size.size(), at).of(size)
                    : PlainMeter.follow(intervals.getLast(), size, at));
        case RESIZED -> {
          UsageInterval closed = PlainMeter.close(intervals.removeLast(), at);
          intervals.add(closed);
          intervals.add(PlainMeter.follow(closed, size, at));
        }
        case STOPPED -> intervals.add(PlainMeter.close(intervals.removeLast(), at));
        case RESTARTED -> {}
      }
    }
    return intervals;
  }
}
