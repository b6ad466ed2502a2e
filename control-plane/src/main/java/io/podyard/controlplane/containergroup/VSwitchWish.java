package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.model.VSwitchId;
import java.util.List;

/**
 * The vSwitches that a group which waits can be in.
 *
 * @param keys in the order in which they are tried; empty if it is in none
 * @param chooses whether it can still be in any of them; else it is in its only one already
 */
record VSwitchWish(List<VSwitches.Key> keys, boolean chooses) {

  VSwitchWish {
    keys = List.copyOf(keys);
  }

  static VSwitchWish of(GroupRecord group) {
    VSwitchId only = group.spec().vSwitch();
    List<String> tries = group.kept().vSwitchTries();
    return new VSwitchWish(
        keys(
            group.account(),
            group.region(),
            tries.isEmpty() && only != null ? List.of(only.value()) : tries),
        !tries.isEmpty());
  }

  static List<VSwitches.Key> keys(AccountId account, RegionId region, List<String> ids) {
    return ids.stream().map(id -> new VSwitches.Key(account, region, new VSwitchId(id))).toList();
  }
}
