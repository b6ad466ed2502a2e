package io.podyard.controlplane.usage;

import io.podyard.billing.Metered;
import io.podyard.billing.MissingPriceException;
import io.podyard.billing.PriceBook;
import io.podyard.billing.Rating;
import io.podyard.billing.SpotTerms;
import io.podyard.billing.UsageInterval;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What groups cost until now by the price book, always of one account. */
@Component
public class GroupCosts {

  /**
   * A group.
   *
   * @param region where it is
   * @param zone the same, null if that is not known yet
   * @param has what it has, or had when it ended
   */
  public record Asked(
      ContainerGroupId group, RegionId region, @Nullable ZoneId zone, Metered has) {}

  private final StoredIntervals intervals;
  private final Prices prices;
  private final Clock clock;

  GroupCosts(StoredIntervals intervals, Prices prices, Clock clock) {
    this.intervals = intervals;
    this.prices = prices;
    this.clock = clock;
  }

  /**
   * What groups cost until now, with the disks that they got from caches, in their order. The
   * database is asked as often for a hundred as for one.
   */
  public List<CostSoFar> soFar(AccountId account, List<Asked> asked) {
    if (asked.isEmpty()) {
      return List.of();
    }
    Instant now = clock.instant();
    PriceBook book = prices.book();
    Map<ContainerGroupId, List<UsageInterval>> metered =
        intervals
            .of(
                account,
                asked.stream().flatMap(one -> Usage.withDisks(one.group()).stream()).toList())
            .stream()
            .collect(Collectors.groupingBy(UsageInterval::group));
    Map<ContainerGroupId, SpotTerms> spot =
        intervals.spotTerms(asked.stream().map(Asked::group).toList());
    return asked.stream()
        .map(one -> soFar(one, metered, spot.get(one.group()), now, book))
        .toList();
  }

  private static CostSoFar soFar(
      Asked asked,
      Map<ContainerGroupId, List<UsageInterval>> all,
      @Nullable SpotTerms spot,
      Instant now,
      PriceBook book) {
    List<UsageInterval> metered = all.getOrDefault(asked.group(), List.of());
    long seconds = 0;
    for (UsageInterval interval : metered) {
      seconds += interval.until(now).length().toSeconds();
    }
    boolean metering = !metered.isEmpty() && metered.getLast().isOpen();
    List<UsageInterval> charged = new ArrayList<>(metered);
    try {
      Instant at = pricedAt(metered, now);
      Money perSecond =
          spot == null
              ? Rating.pricePerSecond(asked.has(), asked.region(), at, book)
              : spotPrice(spot, asked, at, book);
      for (ContainerGroupId one : Usage.disksOf(asked.group())) {
        List<UsageInterval> disk = all.getOrDefault(one, List.of());
        charged.addAll(disk);
        if (!metered.isEmpty() && isWith(disk, metered.getLast())) {
          perSecond =
              perSecond.plus(
                  Rating.pricePerSecond(disk.getLast().metered(), asked.region(), at, book));
        }
      }
      List<Money> amounts = Rating.costSoFar(charged, now, book);
      return new CostSoFar.Priced(
          presentFirst(amounts, perSecond.currency()), perSecond, seconds, metering);
    } catch (MissingPriceException e) {
      return new CostSoFar.Unpriced(Usage.sentence(e), seconds, metering);
    }
  }

  /** Whether the disk is metered with that: a group may have bought more than it has since. */
  private static boolean isWith(List<UsageInterval> disk, UsageInterval last) {
    return !disk.isEmpty() && disk.getLast().start().equals(last.start());
  }

  private static Money spotPrice(SpotTerms terms, Asked asked, Instant at, PriceBook book) {
    Instant pricedAt = terms.pricedAt(at);
    return Rating.spotPricePerSecond(asked.has(), asked.region(), asked.zone(), pricedAt, book)
        .orElseThrow(
            () ->
                new MissingPriceException(
                    asked.has().tariff().items().getFirst(), asked.region(), pricedAt));
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
}
