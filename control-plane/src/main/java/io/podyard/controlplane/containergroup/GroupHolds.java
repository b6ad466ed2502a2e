package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.VSwitchAddresses;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.write.Together;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.GroupAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives groups their hosts and addresses inside the caller's transaction: each gets both, or
 * neither. vSwitches are locked before hosts.
 */
final class GroupHolds {

  /**
   * A group that is to have a host.
   *
   * @param vSwitch null if it is in none
   */
  record Wish(ContainerGroupId group, Placement.Pick pick, VSwitches.@Nullable Placed vSwitch) {

    /** The vSwitch that gives it an address; empty if its host does. */
    Optional<VSwitches.Key> numbered() {
      return Optional.ofNullable(vSwitch)
          .filter(placed -> placed.cidr() != null)
          .map(VSwitches.Placed::key);
    }
  }

  /**
   * What groups got.
   *
   * @param addresses of those whose vSwitch gives them one
   * @param withoutAddress those that got no host because there was no address for them
   */
  record Granted(
      Map<ContainerGroupId, Reservations.Grant> hosts,
      Map<ContainerGroupId, GroupAddress> addresses,
      Set<ContainerGroupId> withoutAddress) {}

  private final VSwitchAddresses addresses;
  private final Reservations reservations;

  GroupHolds(VSwitchAddresses addresses, Reservations reservations) {
    this.addresses = addresses;
    this.reservations = reservations;
  }

  /** Grants in the order given, as far as there are addresses and hosts have room. */
  Granted grant(List<Wish> wishes, Together statements) {
    Locked locked = lock(wishes, statements);
    statements.send();
    Granted granted = grant(wishes, locked, statements);
    statements.send();
    return granted;
  }

  /** What is locked for wishes. */
  record Locked(VSwitchAddresses.Locked addresses, Reservations.Locked hosts) {}

  /** Locks what wishes are about; their hosts are locked when the statements are sent. */
  Locked lock(List<Wish> wishes, Together statements) {
    List<VSwitches.Key> numbered =
        wishes.stream().flatMap(wish -> wish.numbered().stream()).toList();
    if (!numbered.isEmpty()) {
      // vSwitches are locked at once, and what was added so far is locked before them.
      statements.send();
    }
    return new Locked(
        addresses.lock(numbered),
        reservations.lock(wishes.stream().map(wish -> wish.pick().host()).toList(), statements));
  }

  /**
   * Grants what is locked, to all of the wishes or to some; it is written when the statements are
   * sent.
   */
  Granted grant(List<Wish> wishes, Locked locked, Together statements) {
    List<Reservations.Need> needs = new ArrayList<>();
    Set<ContainerGroupId> withoutAddress = new HashSet<>();
    for (Wish wish : wishes) {
      if (wish.numbered().stream().allMatch(locked.addresses()::take)) {
        needs.add(new Reservations.Need(wish.group(), wish.pick().host(), wish.pick().taken()));
      } else {
        withoutAddress.add(wish.group());
      }
    }
    Map<ContainerGroupId, Reservations.Grant> hosts =
        reservations.reserve(needs, locked.hosts(), statements);
    List<VSwitchAddresses.Wanted> numbered =
        wishes.stream()
            .filter(wish -> hosts.containsKey(wish.group()))
            .flatMap(
                wish ->
                    wish.numbered().stream()
                        .map(key -> new VSwitchAddresses.Wanted(wish.group(), key)))
            .toList();
    if (!numbered.isEmpty()) {
      // An address belongs to a reservation that is there.
      statements.send();
    }
    return new Granted(hosts, addresses.give(numbered, locked.addresses()), withoutAddress);
  }
}
