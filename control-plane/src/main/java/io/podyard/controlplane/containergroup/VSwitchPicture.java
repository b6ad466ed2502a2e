package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.CidrBlock;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.model.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The vSwitches that a request or a round of waiting groups can use, as they were when they were
 * looked at, less what was planned since. The database decides in the end. For one thread.
 */
final class VSwitchPicture {

  private final Map<VSwitches.Key, VSwitches.Seen> seen;
  private final Map<VSwitches.Key, Integer> planned = new HashMap<>();
  private final Map<VSwitches.Key, ZoneId> decided = new HashMap<>();

  VSwitchPicture(Map<VSwitches.Key, VSwitches.Seen> seen) {
    this.seen = seen;
  }

  boolean knows(VSwitches.Key key) {
    return seen.containsKey(key);
  }

  /** As a group can be in it now; empty if it may be in any zone yet. */
  Optional<VSwitches.Placed> placed(VSwitches.Key key) {
    VSwitches.Seen known = seen.get(key);
    if (known != null) {
      return Optional.of(
          new VSwitches.Placed(key, known.registered().zone(), known.registered().cidr(), true));
    }
    ZoneId zone = decided.get(key);
    return zone == null ? Optional.empty() : Optional.of(new VSwitches.Placed(key, zone));
  }

  /** Whether a group can have an address there. */
  boolean hasAddress(GroupPlace place) {
    VSwitches.Placed vSwitch = place.vSwitch();
    if (vSwitch == null || vSwitch.cidr() == null) {
      return true;
    }
    VSwitches.Seen known = seen.get(vSwitch.key());
    return known != null && known.free() > planned.getOrDefault(vSwitch.key(), 0);
  }

  /** A group waits there; a vSwitch that was in no zone is in this one for the next. */
  void decide(GroupPlace place) {
    VSwitches.Placed vSwitch = place.vSwitch();
    if (vSwitch != null && !vSwitch.known()) {
      decided.put(vSwitch.key(), vSwitch.zone());
    }
  }

  /** A group is to be there, with an address if the vSwitch has some. */
  void take(GroupPlace place) {
    decide(place);
    VSwitches.Placed vSwitch = place.vSwitch();
    if (vSwitch != null && vSwitch.cidr() != null) {
      planned.merge(vSwitch.key(), 1, Integer::sum);
    }
  }

  /** What is told of a place without a free address. */
  static String noAddress(VSwitches.Key vSwitch, @Nullable CidrBlock cidr) {
    return "None of the %d addresses of VSwitchId %s (%s) is free now."
        .formatted(cidr == null ? 0 : cidr.usable(), vSwitch.id(), cidr);
  }
}
