package io.podyard.billing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/**
 * What a group costs, counted second by second from the log of what happened to it. Deliberately
 * plain, and shares no code with what it checks: numbers only, no intervals, no lines.
 */
public final class PlainRecount {

  /** What happened. */
  public enum What {
    /** The images begin to be pulled. */
    STARTED,
    /** It has another size from now on. */
    RESIZED,
    /** Its containers were made anew; it is charged all the while. */
    RESTARTED,
    /** The last container ended, or that is what the last proof of its life says. */
    STOPPED
  }

  /**
   * A line of the log, in the order in which things became known.
   *
   * @param knownAt true second at which the line was written
   * @param second what the clock of whoever saw it said, which may be wrong
   * @param nano the same within the second
   * @param milliCpu from then on, like the others
   */
  public record Event(
      What what,
      long knownAt,
      long second,
      int nano,
      int milliCpu,
      int memoryMib,
      int gpuMilli,
      int storageGib) {}

  /** Of an item: {@code units[i]} trillionths of a coin a second from {@code from[i]} on. */
  public record PlainPrice(long[] from, long[] trillionths) {}

  /** Thousandths and MiB are all whole numbers of this part of a unit. */
  private static final long SMALLEST = 1_024_000;

  private final PlainPrice[] prices;
  private final long[][] used;
  private long seconds;

  private PlainRecount(PlainPrice[] prices) {
    this.prices = prices;
    this.used = new long[prices.length][prices[0].from().length];
  }

  /** The prices are those of vCPU, memory, GPUs and storage. */
  public static PlainRecount of(List<Event> log, PlainPrice[] prices, long until) {
    PlainRecount recount = new PlainRecount(prices);
    long paid = Long.MIN_VALUE;
    Event running = null;
    for (Event event : log) {
      if (event.what() == What.RESTARTED) {
        continue;
      }
      long now = Math.max(paid, event.second());
      if (running != null) {
        recount.count(running, paid, Math.min(now, until));
      }
      paid = now;
      running = event.what() == What.STOPPED ? null : event;
    }
    if (running != null) {
      recount.count(running, paid, until);
    }
    return recount;
  }

  private void count(Event size, long from, long to) {
    long[] amounts = {
      size.milliCpu() * (SMALLEST / 1000),
      size.memoryMib() * (SMALLEST / 1024),
      size.gpuMilli() * (SMALLEST / 1000),
      size.storageGib() * SMALLEST
    };
    for (long second = from; second < to; second++) {
      seconds++;
      for (int item = 0; item < amounts.length; item++) {
        int i = prices[item].from().length - 1;
        while (second < prices[item].from()[i]) {
          i--;
        }
        used[item][i] += amounts[item];
      }
    }
  }

  public long seconds() {
    return seconds;
  }

  /** To the last digit. */
  public BigDecimal amount() {
    BigInteger sum = BigInteger.ZERO;
    for (int item = 0; item < used.length; item++) {
      for (int i = 0; i < used[item].length; i++) {
        sum =
            sum.add(
                BigInteger.valueOf(used[item][i])
                    .multiply(BigInteger.valueOf(prices[item].trillionths()[i])));
      }
    }
    return new BigDecimal(sum).movePointLeft(12).divide(BigDecimal.valueOf(SMALLEST));
  }
}
