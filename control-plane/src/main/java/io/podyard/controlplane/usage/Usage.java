package io.podyard.controlplane.usage;

import io.podyard.billing.ChargeLine;
import io.podyard.billing.MissingPriceException;
import io.podyard.billing.PriceBook;
import io.podyard.billing.Rating;
import io.podyard.billing.UsageInterval;
import io.podyard.billing.WholeSeconds;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Period;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What was used and what it costs, always of one account. */
@Component
public class Usage {

  /**
   * What everything cost.
   *
   * @param unpriced which price is missing, for people; null unless one is, and then there are no
   *     amounts
   */
  public record Total(List<Money> amounts, @Nullable String unpriced) {

    public Total {
      amounts = List.copyOf(amounts);
    }
  }

  private final StoredIntervals intervals;
  private final Prices prices;
  private final Clock clock;

  public Usage(StoredIntervals intervals, Prices prices, Clock clock) {
    this.intervals = intervals;
    this.prices = prices;
    this.clock = clock;
  }

  /** The meter of a group in order; empty if it never ran, or the group is not the account's. */
  public List<UsageInterval> intervals(AccountId account, ContainerGroupId group) {
    return intervals.of(account, List.of(group));
  }

  /**
   * What is metered beside a group for as long as its own meter runs: the disks that it got from an
   * image cache and from data caches (migrations 35 and 36). On bills they are resources of their
   * own.
   */
  static List<ContainerGroupId> disksOf(ContainerGroupId group) {
    return List.of(
        new ContainerGroupId(group.value() + ".imc"), new ContainerGroupId(group.value() + ".edc"));
  }

  static List<ContainerGroupId> withDisks(ContainerGroupId group) {
    List<ContainerGroupId> all = new ArrayList<>();
    all.add(group);
    all.addAll(disksOf(group));
    return all;
  }

  private static List<UsageInterval> only(ContainerGroupId of, List<UsageInterval> intervals) {
    return intervals.stream().filter(interval -> interval.group().equals(of)).toList();
  }

  /**
   * A page of the groups whose meter ran in a period, also of groups that have ended. Open
   * intervals are charged until now.
   *
   * @param after the last group of the page before, null for the first page
   * @param limit how many groups
   */
  public UsagePage page(
      AccountId account, Period asked, @Nullable ContainerGroupId after, int limit) {
    Period period = passed(asked);
    if (period.isEmpty()) {
      return new UsagePage(period, List.of(), false);
    }
    List<ContainerGroupId> found = intervals.groups(account, period, after, limit + 1);
    boolean more = found.size() > limit;
    Map<ContainerGroupId, List<UsageInterval>> byGroup = new LinkedHashMap<>();
    for (ContainerGroupId group : more ? found.subList(0, limit) : found) {
      byGroup.put(group, new ArrayList<>());
    }
    PriceBook book = prices.book();
    for (UsageInterval interval : intervals.of(account, List.copyOf(byGroup.keySet()))) {
      if (touches(interval, period)) {
        byGroup.computeIfAbsent(interval.group(), id -> new ArrayList<>()).add(interval);
      }
    }
    List<GroupUsage> groups = new ArrayList<>();
    byGroup.forEach((group, metered) -> groups.add(usage(group, metered, period, book)));
    return new UsagePage(period, groups, more);
  }

  /**
   * The meter of one group in a period, and those of the disks that it got from caches; empty if it
   * did not run then.
   */
  public UsagePage ofGroup(AccountId account, ContainerGroupId group, Period asked) {
    Period period = passed(asked);
    List<ContainerGroupId> all = withDisks(group);
    List<UsageInterval> metered =
        intervals.of(account, all).stream().filter(one -> touches(one, period)).toList();
    PriceBook book = prices.book();
    List<GroupUsage> groups = new ArrayList<>();
    for (ContainerGroupId one : all) {
      List<UsageInterval> own = only(one, metered);
      if (!own.isEmpty()) {
        groups.add(usage(one, own, period, book));
      }
    }
    return new UsagePage(period, groups, false);
  }

  private static boolean touches(UsageInterval interval, Period period) {
    Instant end = interval.end();
    return interval.start().isBefore(period.end()) && (end == null || end.isAfter(period.start()));
  }

  private static GroupUsage usage(
      ContainerGroupId group, List<UsageInterval> metered, Period period, PriceBook book) {
    long seconds = 0;
    for (UsageInterval interval : metered) {
      seconds += interval.until(period.end()).intersect(period).length().toSeconds();
    }
    try {
      List<ChargeLine> lines = Rating.rate(metered, period, book);
      return new GroupUsage(group, metered, seconds, lines, sums(lines), null);
    } catch (MissingPriceException e) {
      return new GroupUsage(group, metered, seconds, List.of(), List.of(), sentence(e));
    }
  }

  private static List<Money> sums(List<ChargeLine> lines) {
    Map<CurrencyCode, Money> sums = new LinkedHashMap<>();
    lines.forEach(line -> sums.merge(line.amount().currency(), line.amount(), Money::plus));
    return List.copyOf(sums.values());
  }

  /**
   * What all groups of an account cost in a period, one exact amount for each currency; the same as
   * the sum of all charge lines, without reading them one by one but for spot groups.
   */
  public Total total(AccountId account, Period asked) {
    return total(account, asked, null);
  }

  /** The same of groups that have a tag, or had it when they ended. */
  public Total total(AccountId account, Period asked, @Nullable UsageTag tag) {
    PriceBook book = prices.book();
    Period period = passed(asked);
    Map<CurrencyCode, Money> sums = new LinkedHashMap<>();
    try {
      for (Period stretch : PriceChanges.cut(period, book)) {
        for (StoredIntervals.Used used : intervals.used(account, stretch, tag)) {
          if (used.seconds() == 0) {
            // As no time gives no line, it needs no price.
            continue;
          }
          Rating.rates(used.metered(), used.region(), stretch.start(), book)
              .forEach(
                  rate ->
                      sums.merge(
                          rate.perSecond().currency(),
                          PriceChanges.times(rate.perSecond(), used.seconds()),
                          Money::plus));
        }
      }
      Rating.rate(intervals.ofSpot(account, period, tag), period, book)
          .forEach(line -> sums.merge(line.amount().currency(), line.amount(), Money::plus));
    } catch (MissingPriceException e) {
      return new Total(List.of(), sentence(e));
    }
    return new Total(List.copyOf(sums.values()), null);
  }

  /** The part of a period that lies before now, in whole seconds. */
  private Period passed(Period asked) {
    Instant now = WholeSeconds.floor(clock.instant());
    Period seconds = WholeSeconds.floor(asked);
    Instant end = seconds.end().isAfter(now) ? now : seconds.end();
    return end.isBefore(seconds.start())
        ? new Period(seconds.start(), seconds.start())
        : new Period(seconds.start(), end);
  }

  static String sentence(MissingPriceException missing) {
    return ("There is no price for item %s in region %s at %s."
            + " Whoever runs this installation can add one.")
        .formatted(missing.item().code(), missing.region(), missing.at());
  }
}
