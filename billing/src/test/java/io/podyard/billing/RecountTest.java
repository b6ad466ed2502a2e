package io.podyard.billing;

import static io.podyard.billing.Settled.B;
import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.podyard.billing.PlainRecount.Event;
import io.podyard.billing.PlainRecount.PlainPrice;
import io.podyard.billing.PlainRecount.What;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
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
 * and then to the end, and counted second by second from the log of what happened. Clocks step by
 * an hour either way, hosts are lost, servers crash and learn late. {@code -Dpodyard.seed=N}
 * repeats one run, {@code -Dpodyard.lives=N} makes another number of them.
 */
class RecountTest {

  private static final int LIVES = Integer.getInteger("podyard.lives", 100_000);
  private static final int AT_ONCE = 250;
  private static final long LAST = 8 * 3600;
  private static final List<Item> ITEMS =
      List.of(Item.VCPU, Item.MEMORY, Item.GPU, Item.EPHEMERAL_STORAGE);

  private final long seed = Long.getLong("podyard.seed", 20_260_301L);
  private final Random random = new Random(seed);
  private final Map<What, Integer> happened = new EnumMap<>(What.class);
  private int setBack;
  private int adjustments;

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void countingEverySecondGivesTheSameToTheLastDigit() {
    for (int lives = 0; lives < LIVES; lives += AT_ONCE) {
      PlainPrice[] plain = new PlainPrice[ITEMS.size()];
      PriceBook book = randomBook(plain);
      Map<ContainerGroupId, List<Event>> logs = new TreeMap<>();
      for (int i = 0; i < AT_ONCE; i++) {
        logs.put(new ContainerGroupId("eci-" + i), randomLife());
      }
      check(book, plain, logs);
    }
    // Otherwise the run said nothing about them.
    assertThat(happened).hasSize(What.values().length);
    assertThat(happened.values()).allSatisfy(times -> assertThat(times).isGreaterThan(LIVES / 10));
    assertThat(setBack).isGreaterThan(LIVES / 100);
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
                    ? UsageInterval.open(group, 0, ACCOUNT, HANGZHOU, B, size.size(), at).of(size)
                    : intervals.getLast().follow(size, at));
        case RESIZED -> {
          UsageInterval closed = intervals.removeLast().close(at);
          intervals.add(closed);
          intervals.add(closed.follow(size, at));
        }
        case STOPPED -> intervals.add(intervals.removeLast().close(at));
        case RESTARTED -> {}
      }
    }
    return intervals;
  }

  /** Starts, is resized and restarted, stops for one of many reasons, and perhaps begins again. */
  private List<Event> randomLife() {
    List<Event> log = new ArrayList<>();
    long now = random.nextLong(3600);
    long clock = 0;
    for (int life = random.nextInt(4) == 0 ? 2 : 1; life > 0; life--) {
      clock = stepped(clock);
      add(log, What.STARTED, now, now + clock);
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        now += random.nextLong(2000);
        clock = stepped(clock);
        add(log, random.nextBoolean() ? What.RESIZED : What.RESTARTED, now, now + clock);
      }
      now += random.nextLong(4000);
      clock = stepped(clock);
      switch (random.nextInt(5)) {
        // Still runs; nothing happens to it any more.
        case 0 -> {
          return log;
        }
        // The server crashed and learns later when the containers ended.
        case 1 -> add(log, What.STOPPED, now + random.nextLong(7200), now + clock);
        // The host was lost: its last proof of life counts, not when that was noticed.
        case 2 -> add(log, What.STOPPED, now + 60, now + clock - random.nextLong(10));
        // Deleted, or ended by itself.
        default -> add(log, What.STOPPED, now, now + clock);
      }
      now = Math.max(now, log.getLast().knownAt()) + random.nextLong(1000);
    }
    return log;
  }

  /** Now and then someone sets the clock by an hour. */
  private long stepped(long clock) {
    return switch (random.nextInt(20)) {
      case 0 -> clock - 3600;
      case 1 -> clock + 3600;
      default -> clock;
    };
  }

  private void add(List<Event> log, What what, long knownAt, long second) {
    // A group cannot be changed before it is known to have started, so the log is in order.
    happened.merge(what, 1, Integer::sum);
    if (!log.isEmpty() && second < log.getLast().second()) {
      setBack++;
    }
    log.add(
        new Event(
            what,
            knownAt,
            second,
            random.nextInt(1_000_000_000),
            250 * (1 + random.nextInt(64)),
            1 + random.nextInt(65_536),
            random.nextInt(4) == 0 ? random.nextInt(8_000) : 0,
            random.nextInt(3) == 0 ? random.nextInt(5_000) : 0));
  }

  /** Four prices of each item, the first of which has been there for ever. */
  private PriceBook randomBook(PlainPrice[] plain) {
    List<Price> prices = new ArrayList<>();
    for (int item = 0; item < plain.length; item++) {
      long[] from = {-100_000, random.nextLong(9000), 9000 + random.nextLong(9000), 20_000};
      long[] trillionths = random.longs(4, 0, 100_000_000).toArray();
      for (int i = 0; i < from.length; i++) {
        prices.add(
            price(
                "*",
                ITEMS.get(item),
                "CNY",
                BigDecimal.valueOf(trillionths[i], 12).toPlainString(),
                at(from[i]),
                i + 1 < from.length ? at(from[i + 1]) : null));
      }
      plain[item] = new PlainPrice(from, trillionths);
    }
    return PriceBook.of(prices);
  }
}
