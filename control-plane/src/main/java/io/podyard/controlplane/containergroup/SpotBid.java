package io.podyard.controlplane.containergroup;

import io.podyard.billing.Metered;
import io.podyard.billing.Tariff;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limit of a spot group that waits for a host.
 *
 * @param limit the most that an hour may cost
 * @param protectedUntil so long its price is that of its creation
 * @param options what it is billed for as each of the things that it may become, by their numbers
 */
record SpotBid(BigDecimal limit, Instant protectedUntil, List<Metered> options) {

  SpotBid {
    options = List.copyOf(options);
  }

  /** Of a group; null if it pays in full, or takes any price. */
  static @Nullable SpotBid of(GroupRecord group) {
    SpotWish wish = group.kept().spot();
    BigDecimal limit = wish == null ? null : wish.priceLimit();
    if (wish == null || limit == null) {
      return null;
    }
    MachineWish machine = group.kept().machine();
    return new SpotBid(
        limit,
        SpotGroups.protectedUntil(group, wish),
        machine == null
            ? List.of(EphemeralStorage.metered(group.spec(), Tariff.STANDARD))
            : machine.options().stream()
                .map(option -> option.metered(group.spec(), new Tariff(option.tariff())))
                .toList());
  }
}
