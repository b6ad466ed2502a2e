package io.podyard.controlplane.usage;

import io.podyard.billing.ChargeLine;
import io.podyard.billing.Metered;
import io.podyard.billing.MissingPriceException;
import io.podyard.billing.PriceBook;
import io.podyard.billing.Rating;
import io.podyard.billing.SpotTerms;
import io.podyard.billing.UsageInterval;
import io.podyard.billing.WholeSeconds;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * What is metered beside a group for as long as its own meter runs: the disk that it got from an
   * image cache (migration 35). On bills it is a resource of its own.
   */
  private static ContainerGroupId diskOf(ContainerGroupId group) {
    return new ContainerGroupId(group.value() + ".imc");
  }

  /**
   * What a group cost until now, with the disk that it got from an image cache.
   *
   * @param region where the group is
   * @param zone the same, null if that is not known yet
   * @param has what it has, or had when it ended
   */
  public CostSoFar costSoFar(
      AccountId account,
      ContainerGroupId group,
      RegionId region,
      @Nullable ZoneId zone,
      Metered has) {
    Instant now = clock.instant();
    List<UsageInterval> both = intervals.of(account, List.of(group, diskOf(group)));
    List<UsageInterval> metered = only(group, both);
    List<UsageInterval> disk = only(diskOf(group), both);
    long seconds = 0;
    for (UsageInterval interval : metered) {
      seconds += interval.until(now).length().toSeconds();
    }
    boolean metering = !metered.isEmpty() && metered.getLast().isOpen();
    PriceBook book = prices.book();
    try {
      Instant at = pricedAt(metered, now);
      Optional<SpotTerms> spot = intervals.spotTerms(group);
      Money perSecond =
          spot.isPresent()
              ? spotPrice(spot.get(), region, zone, has, at, book)
              : Rating.pricePerSecond(has, region, at, book);
      if (!metered.isEmpty() && isWith(disk, metered.getLast())) {
        perSecond = plus(perSecond, disk.getLast().metered(), region, at, book);
      }
      List<Money> amounts = Rating.costSoFar(both, now, book);
      return new CostSoFar.Priced(
          presentFirst(amounts, perSecond.currency()), perSecond, seconds, metering);
    } catch (MissingPriceException e) {
      return new CostSoFar.Unpriced(sentence(e), seconds, metering);
    }
  }

  private static List<UsageInterval> only(ContainerGroupId of, List<UsageInterval> intervals) {
    return intervals.stream().filter(interval -> interval.group().equals(of)).toList();
  }

  /** Whether the disk is metered with that: a group may have bought more than it has since. */
  private static boolean isWith(List<UsageInterval> disk, UsageInterval last) {
    return !disk.isEmpty() && disk.getLast().start().equals(last.start());
  }

  /** What is priced in another currency is left out; the amounts have it all the same. */
  private static Money plus(
      Money perSecond, Metered other, RegionId region, Instant at, PriceBook book) {
    Money more = Rating.pricePerSecond(other, region, at, book);
    return more.currency().equals(perSecond.currency()) ? perSecond.plus(more) : perSecond;
  }

  private static Money spotPrice(
      SpotTerms terms,
      RegionId region,
      @Nullable ZoneId zone,
      Metered has,
      Instant at,
      PriceBook book) {
    Instant pricedAt = terms.pricedAt(at);
    return Rating.spotPricePerSecond(has, region, zone, pricedAt, book)
        .orElseThrow(
            () -> new MissingPriceException(has.tariff().items().getFirst(), region, pricedAt));
  }

  /** Now while the meter runs or may still start, else the last second that was charged. */
  private static Instant pricedAt(List<UsageInterval> metered, Instant now) {
    Instant end = metered.isEmpty() ? null : metered.getLast().end();
    if (end == null) {
      return now;
    }
    Instant start = metered.getLast().start();
    return end.isAfter(start) ? end.minusSeconds(1) : start;
  }

  private static List<Money> presentFirst(List<Money> amounts, CurrencyCode present) {
    List<Money> ordered = new ArrayList<>();
    amounts.stream().filter(money -> money.currency().equals(present)).forEach(ordered::add);
    if (ordered.isEmpty()) {
      ordered.add(Money.zero(present));
    }
    amounts.stream().filter(money -> !money.currency().equals(present)).forEach(ordered::add);
    return ordered;
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
   * The meter of one group in a period, and that of the disk that it got from an image cache; empty
   * if it did not run then.
   */
  public UsagePage ofGroup(AccountId account, ContainerGroupId group, Period asked) {
    Period period = passed(asked);
    List<ContainerGroupId> both = List.of(group, diskOf(group));
    List<UsageInterval> metered =
        intervals.of(account, both).stream().filter(one -> touches(one, period)).toList();
    PriceBook book = prices.book();
    List<GroupUsage> groups = new ArrayList<>();
    for (ContainerGroupId one : both) {
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

  private static String sentence(MissingPriceException missing) {
    return ("There is no price for item %s in region %s at %s."
            + " Whoever runs this installation can add one.")
        .formatted(missing.item().code(), missing.region(), missing.at());
  }
}
