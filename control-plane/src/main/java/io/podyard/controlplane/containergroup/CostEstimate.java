package io.podyard.controlplane.containergroup;

import io.podyard.billing.Agreements;
import io.podyard.billing.Hour;
import io.podyard.billing.ItemRate;
import io.podyard.billing.Metered;
import io.podyard.billing.PriceBook;
import io.podyard.billing.Rating;
import io.podyard.billing.Tariff;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.settlement.AgreementsOf;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.AccountId;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.runtime.GroupSpec;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What groups would cost that a dry run did not make: exact, by the price book as it is now, with
 * the disks that they would get and less the account's discounts. What the account has committed
 * itself to is not in it, since that covers sums over all its groups.
 */
@Component
class CostEstimate {

  private final Placement placement;
  private final Prices prices;
  private final AgreementsOf agreements;
  private final Clock clock;

  CostEstimate(Placement placement, Prices prices, AgreementsOf agreements, Clock clock) {
    this.placement = placement;
    this.prices = prices;
    this.agreements = agreements;
    this.clock = clock;
  }

  /**
   * The price of all together, as a sentence.
   *
   * @param groups where each would be, and as which of the things that will do
   */
  String sentence(
      AccountId account, GroupPreparation.Asked asked, List<PlaceChoice.Chosen> groups) {
    PriceBook book = prices.book();
    Instant now = clock.instant();
    Hour hour = Hour.containing(now);
    Agreements agreed = agreements.of(account);
    RegionId region = asked.region();
    List<ItemRate> full = new ArrayList<>();
    List<ItemRate> paid = new ArrayList<>();
    for (PlaceChoice.Chosen group : groups) {
      Metered metered = metered(asked, group.place());
      List<ItemRate> rates = Rating.rates(metered, region, now, book);
      full.addAll(rates);
      paid.addAll(
          asked.draft().kept().spot() == null
              ? agreed.discounted(rates, hour)
              : Rating.spotRates(metered, region, zone(group), now, book).orElseThrow());
    }
    List<ItemRate> disks =
        disks(asked)
            .filter(disk -> book.unpriced(region, Set.copyOf(disk.tariff().items()), now).isEmpty())
            .flatMap(disk -> Rating.rates(disk, region, now, book).stream())
            .toList();
    for (PlaceChoice.Chosen _ : groups) {
      full.addAll(disks);
      paid.addAll(agreed.discounted(disks, hour));
    }
    return sentence(groups.size(), Rating.sum(full), Rating.sum(paid));
  }

  private Metered metered(GroupPreparation.Asked asked, GroupPlace place) {
    GroupSpec spec = asked.draft().spec();
    MachineWish machine = asked.draft().kept().machine();
    if (machine == null) {
      return EphemeralStorage.metered(spec, Tariff.STANDARD);
    }
    MachineOption option = machine.options().get(place.attempt().option());
    return option.metered(spec, option.tariffOf(prices, asked.region()));
  }

  /** The zone that it would be in: of one that may be in any that of the host it would get. */
  private @Nullable ZoneId zone(PlaceChoice.Chosen group) {
    ZoneId asked = group.place().wanted().zone();
    return asked != null
        ? asked
        : group
            .pick()
            .flatMap(pick -> placement.host(pick.host()))
            .map(host -> host.snapshot().zone())
            .orElse(null);
  }

  /** What each group would have beside itself; what of it has no price is not metered. */
  private static Stream<Metered> disks(GroupPreparation.Asked asked) {
    ImageCacheUse image = asked.caches().use();
    int bought = EphemeralStorage.additionalGib(asked.draft().spec());
    return Stream.concat(
        GroupDisks.metered(asked.draft()),
        Stream.of(
            Metered.imageCacheUse(image == null ? 0 : image.sizeGib() - bought),
            Metered.dataCacheUse(DataCacheVolumes.gib(asked.data()))));
  }

  private static String sentence(int groups, Money full, Money paid) {
    String price =
        "%s would cost %s per second (%s per hour)"
            .formatted(
                groups == 1 ? "The group" : "The %d groups together".formatted(groups),
                words(paid.amount(), paid),
                words(paid.amount().multiply(BigDecimal.valueOf(Hour.SECONDS)), paid));
    return paid.equals(full)
        ? price + "."
        : "%s; the full price is %s per second.".formatted(price, words(full.amount(), full));
  }

  private static String words(BigDecimal amount, Money of) {
    return amount.stripTrailingZeros().toPlainString() + " " + of.currency();
  }
}
