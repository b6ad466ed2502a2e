package io.podyard.billing;

import static java.util.Comparator.comparing;

import io.podyard.model.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Charges an account for an hour. The lines of an hour are never edited: settling it again gives
 * only what has to be added so that all lines together are what they should have been, and nothing
 * if they are that already.
 *
 * <p>Memory is needed for one resource at a time, however many an account has.
 */
public final class Settlement {

  private final PriceBook book;

  public Settlement(PriceBook book) {
    this.book = book;
  }

  /**
   * Charges.
   *
   * @param usage the intervals of the account that touch the hour, in order of their groups' ids
   *     ({@code collate "C"} in PostgreSQL); open ones count until the hour's end. Read twice if
   *     the account has committed itself to anything, and must be the same both times.
   * @param stored the lines of the account and hour that there are already, in order of their
   *     resources' ids
   * @param append receives the lines to add, in order of resource, item, kind and price
   * @throws MissingPriceException if an item has no price for some of the time; what was received
   *     until then must not be kept
   * @throws IllegalArgumentException if something is of another account or hour, if it is not in
   *     order, or if intervals of one resource overlap
   */
  public void settle(
      AccountHour of,
      Agreements agreements,
      Iterable<UsageInterval> usage,
      Iterable<SettledLine> stored,
      Consumer<SettledLine> append) {
    HourMeter meter = new HourMeter(book, of.hour());
    Coverage coverage = coverage(of, agreements, usage, meter);
    ResourceOrder<UsageInterval> used = new ResourceOrder<>(usage, Resource::of);
    ResourceOrder<SettledLine> before = new ResourceOrder<>(stored, line -> line.slot().resource());
    ResourceOrder<Map.Entry<LineSlot, BigDecimal>> unused =
        new ResourceOrder<>(coverage.unused().entrySet(), entry -> entry.getKey().resource());
    boolean again = before.peek() != null;
    Resource next;
    while ((next = first(used.peek(), before.peek(), unused.peek())) != null) {
      List<UsageInterval> intervals = used.take(next);
      refuseNonsense(of, intervals);
      SortedMap<LineSlot, BigDecimal> wanted =
          charges(next, intervals, agreements, coverage, meter, of.hour());
      unused.take(next).forEach(entry -> wanted.put(entry.getKey(), entry.getValue()));
      Corrections.of(of, wanted, before.take(next), again).forEach(append);
    }
  }

  /** The same for few intervals and lines, in whatever order. */
  public List<SettledLine> settle(
      AccountHour of, Agreements agreements, List<UsageInterval> usage, List<SettledLine> stored) {
    List<SettledLine> lines = new ArrayList<>();
    settle(
        of,
        agreements,
        usage.stream().sorted(comparing(Resource::of)).toList(),
        stored.stream().sorted(comparing(line -> line.slot().resource())).toList(),
        lines::add);
    return List.copyOf(lines);
  }

  /** Commitments cover the sum of all groups, so that is needed before any of them is charged. */
  private static Coverage coverage(
      AccountHour of, Agreements agreements, Iterable<UsageInterval> usage, HourMeter meter) {
    Map<UsageClass, Long> totals = new HashMap<>();
    if (!agreements.reserved(of.hour()).isEmpty() || !agreements.plans(of.hour()).isEmpty()) {
      for (UsageInterval interval : usage) {
        if (interval.spot() == null) {
          meter.add(interval, totals);
        }
      }
    }
    return Coverage.of(agreements, of.hour(), totals);
  }

  private static SortedMap<LineSlot, BigDecimal> charges(
      Resource resource,
      List<UsageInterval> intervals,
      Agreements agreements,
      Coverage coverage,
      HourMeter meter,
      Hour hour) {
    SortedMap<LineSlot, BigDecimal> slots = new TreeMap<>();
    SortedMap<UsageClass, Long> used = new TreeMap<>();
    for (UsageInterval interval : intervals) {
      if (interval.spot() == null) {
        meter.add(interval, used);
      } else {
        meter.addSpot(interval, interval.spot(), slots);
      }
    }
    used.forEach(
        (usage, small) -> {
          for (Coverage.Covered part : coverage.cover(usage, small)) {
            slots.merge(
                slot(resource, usage, part, agreements, hour),
                usage.item().units(part.small()),
                BigDecimal::add);
          }
        });
    return slots;
  }

  private static LineSlot slot(
      Resource resource,
      UsageClass usage,
      Coverage.Covered part,
      Agreements agreements,
      Hour hour) {
    AgreementId agreement = part.agreement();
    BigDecimal unitPrice = part.unitPrice();
    if (part.kind() == ChargeKind.USAGE) {
      AccountDiscount discount = agreements.discount(usage.item(), hour).orElse(null);
      if (discount != null) {
        agreement = discount.id();
        unitPrice = unitPrice.multiply(discount.share());
      }
    }
    return new LineSlot(
        resource,
        usage.region(),
        usage.zone(),
        usage.item(),
        part.kind(),
        agreement,
        usage.price(),
        unitPrice,
        usage.currency());
  }

  private static @Nullable Resource first(@Nullable Resource... heads) {
    return Stream.of(heads).filter(Objects::nonNull).min(Comparator.naturalOrder()).orElse(null);
  }

  private static void refuseNonsense(AccountHour of, List<UsageInterval> intervals) {
    for (UsageInterval interval : intervals) {
      if (!interval.account().equals(of.account())) {
        throw new IllegalArgumentException("not of account " + of.account() + ": " + interval);
      }
    }
    if (intervals.size() > 1) {
      List<UsageInterval> inTime =
          intervals.stream().sorted(comparing(UsageInterval::start)).toList();
      Instant charged = Instant.MIN;
      for (UsageInterval interval : inTime) {
        Period period = interval.until(of.hour().end());
        if (!period.isEmpty() && period.start().isBefore(charged)) {
          throw new IllegalArgumentException("overlaps another of its group: " + interval);
        }
        charged = WholeSeconds.later(charged, period.end());
      }
    }
  }
}
