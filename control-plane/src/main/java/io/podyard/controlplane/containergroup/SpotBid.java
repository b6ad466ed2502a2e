package io.podyard.controlplane.containergroup;

import io.podyard.billing.Metered;
import io.podyard.billing.Tariff;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a spot group that has no host yet pays.
 *
 * @param limit the most that an hour may cost, null if it takes any price
 * @param createdAt whose prices count for it while it is protected
 * @param protectedUntil so long they do
 * @param options what it is billed for as each of the things that it may become, by their numbers
 */
record SpotBid(
    @Nullable BigDecimal limit, Instant createdAt, Instant protectedUntil, List<Metered> options) {

  SpotBid {
    options = List.copyOf(options);
  }

  /** Of a group that is, or was, made at this instant. */
  static SpotBid of(SpotWish wish, Instant createdAt, List<Metered> options) {
    return new SpotBid(
        wish.priceLimit(),
        SpotGroups.pricedAt(createdAt),
        SpotGroups.protectedUntil(createdAt, wish),
        options);
  }

  /** Of a group that waits; null if it pays in full. */
  static @Nullable SpotBid of(GroupRecord group) {
    SpotWish wish = group.kept().spot();
    if (wish == null) {
      return null;
    }
    MachineWish machine = group.kept().machine();
    return of(
        wish,
        group.createdAt(),
        machine == null
            ? List.of(EphemeralStorage.metered(group.spec(), Tariff.STANDARD))
            : machine.options().stream()
                .map(option -> option.metered(group.spec(), new Tariff(option.tariff())))
                .toList());
  }

  boolean isProtected(Instant now) {
    return now.isBefore(protectedUntil);
  }

  /** Whose prices count for it if it gets a host now. */
  Instant pricedAt(Instant now) {
    return isProtected(now) ? createdAt : now;
  }
}
