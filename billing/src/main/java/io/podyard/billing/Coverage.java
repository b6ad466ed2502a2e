package io.podyard.billing;

import static java.util.Comparator.comparing;

import io.podyard.model.CurrencyCode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What reserved instances and savings plans cover of an hour of an account. It is decided on the
 * sums of all groups, so neither their order nor into how many the usage is split changes what is
 * paid; the groups then take of it in order of their ids. Only whole small parts of items are
 * covered: what is left of a savings plan below one of them is not used.
 */
final class Coverage {

  /**
   * Usage at one price.
   *
   * @param agreement that covers it, null if it is the rest
   * @param small so many small parts of the item for a second
   */
  record Covered(
      ChargeKind kind, @Nullable AgreementId agreement, BigDecimal unitPrice, long small) {}

  /** A savings plan could cover this usage at this share of its price. */
  private record Offer(SavingsPlan plan, UsageClass usage, BigDecimal share) {

    BigDecimal unitPrice() {
      return usage.price().multiply(share);
    }
  }

  /** The largest saving first, then the lowest price; the rest only makes it definite. */
  private static final Comparator<Offer> BEST_FIRST =
      comparing(Offer::share)
          .thenComparing(Offer::unitPrice)
          .thenComparing(offer -> offer.plan().from())
          .thenComparing(offer -> offer.plan().id())
          .thenComparing(Offer::usage);

  private final SortedMap<UsageClass, Long> left;
  private final Map<UsageClass, Deque<Covered>> covered = new HashMap<>();
  private final SortedMap<LineSlot, BigDecimal> unused = new TreeMap<>();

  private Coverage(Map<UsageClass, Long> totals) {
    this.left = new TreeMap<>(totals);
  }

  /**
   * Decides.
   *
   * @param totals what all groups of the account used in the hour, but for spot groups
   */
  static Coverage of(Agreements agreements, Hour hour, Map<UsageClass, Long> totals) {
    Coverage coverage = new Coverage(totals);
    agreements.reserved(hour).forEach(coverage::reserve);
    coverage.save(agreements.plans(hour));
    return coverage;
  }

  private void reserve(ReservedInstances reserved) {
    long remaining = reserved.secondsPerHour();
    BigDecimal fee = reserved.perSecond().amount();
    for (UsageClass usage : left.keySet().stream().filter(reserved::covers).toList()) {
      long taken = take(usage, new Covered(ChargeKind.RESERVED, reserved.id(), fee, remaining));
      remaining -= taken;
    }
    if (remaining > 0) {
      unused.put(
          new LineSlot(
              new Resource(ResourceKind.RESERVED_INSTANCES, reserved.id().value()),
              reserved.region(),
              reserved.zone(),
              reserved.instanceType(),
              ChargeKind.UNUSED,
              reserved.id(),
              fee,
              fee,
              reserved.perSecond().currency()),
          BigDecimal.valueOf(remaining));
    }
  }

  private void save(List<SavingsPlan> plans) {
    List<Offer> offers = new ArrayList<>();
    Map<AgreementId, BigDecimal> remaining = new HashMap<>();
    for (SavingsPlan plan : plans) {
      CurrencyCode currency = plan.perHour().currency();
      remaining.put(plan.id(), plan.perHour().amount());
      for (UsageClass usage : left.keySet()) {
        if (usage.currency().equals(currency)) {
          plan.share(usage.item()).ifPresent(share -> offers.add(new Offer(plan, usage, share)));
        }
      }
    }
    offers.sort(BEST_FIRST);
    for (Offer offer : offers) {
      BigDecimal each = priceOfSmall(offer);
      remaining.computeIfPresent(
          offer.plan().id(), (plan, money) -> money.subtract(spend(offer, each, money)));
    }
    for (SavingsPlan plan : plans) {
      BigDecimal money = remaining.getOrDefault(plan.id(), BigDecimal.ZERO);
      if (money.signum() > 0) {
        unused.put(
            new LineSlot(
                new Resource(ResourceKind.SAVINGS_PLAN, plan.id().value()),
                null,
                null,
                null,
                ChargeKind.UNUSED,
                plan.id(),
                BigDecimal.ONE,
                BigDecimal.ONE,
                plan.perHour().currency()),
            money);
      }
    }
  }

  /** Covers as many small parts as the money pays for, and says how much of it that took. */
  private BigDecimal spend(Offer offer, BigDecimal each, BigDecimal money) {
    long affordable =
        each.signum() == 0
            ? Long.MAX_VALUE
            : money
                .divideToIntegralValue(each)
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValueExact();
    long taken =
        take(
            offer.usage(),
            new Covered(ChargeKind.SAVINGS_PLAN, offer.plan().id(), offer.unitPrice(), affordable));
    return each.multiply(BigDecimal.valueOf(taken));
  }

  /** Exact: a unit has so many small parts that the decimals end. */
  private static BigDecimal priceOfSmall(Offer offer) {
    return offer
        .unitPrice()
        .divide(BigDecimal.valueOf(offer.usage().item().smallPerUnit()), MathContext.UNLIMITED);
  }

  private long take(UsageClass usage, Covered most) {
    long there = left.getOrDefault(usage, 0L);
    long taken = Math.min(there, most.small());
    if (taken > 0) {
      left.put(usage, there - taken);
      covered
          .computeIfAbsent(usage, key -> new ArrayDeque<>())
          .add(new Covered(most.kind(), most.agreement(), most.unitPrice(), taken));
    }
    return taken;
  }

  /** Takes out of what is covered for a group that used so much; the last part may be uncovered. */
  List<Covered> cover(UsageClass usage, long small) {
    List<Covered> parts = new ArrayList<>();
    Deque<Covered> there = covered.getOrDefault(usage, new ArrayDeque<>());
    long open = small;
    while (open > 0 && !there.isEmpty()) {
      Covered next = there.removeFirst();
      long taken = Math.min(open, next.small());
      parts.add(new Covered(next.kind(), next.agreement(), next.unitPrice(), taken));
      if (taken < next.small()) {
        there.addFirst(
            new Covered(next.kind(), next.agreement(), next.unitPrice(), next.small() - taken));
      }
      open -= taken;
    }
    if (open > 0) {
      parts.add(new Covered(ChargeKind.USAGE, null, usage.price(), open));
    }
    return parts;
  }

  /** What was paid for and covered nothing, in unit-seconds or money. */
  SortedMap<LineSlot, BigDecimal> unused() {
    return unused;
  }
}
