package io.podyard.controlplane.containergroup;

import io.podyard.model.Size;
import io.podyard.runtime.GroupSpec;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.HostWishes;
import java.util.List;

/**
 * One of the ways in which hosts are asked for a group.
 *
 * @param option the number of the {@link MachineOption} that it is for
 * @param label of that option in sentences; empty for a group that has but one and named none
 * @param aside whether the option has another way, which is the one to be explained
 */
record HostAttempt(
    int option, String label, boolean aside, Size size, GpuRequest gpus, HostWishes wishes) {

  private static final HostWishes GENERAL =
      HostWishes.ANY.withComputeCategory(MachineOption.GENERAL);

  /** Of a request that named no kind of machine. */
  static HostAttempt plain(Size size, GpuRequest gpus) {
    return new HostAttempt(0, "", false, size, gpus, GENERAL);
  }

  /** All ways in their order. */
  static List<HostAttempt> of(KeptFields kept, GroupSpec spec) {
    MachineWish machine = kept.machine();
    GpuRequest gpus = GpuRules.request(spec);
    return machine == null ? List.of(plain(spec.size(), gpus)) : machine.attempts(gpus);
  }

  /** Whether the request named a kind of machine. */
  boolean named() {
    return !label.isEmpty();
  }

  /** A place, asked for in this way. */
  GroupPlace at(GroupPlace place) {
    return new GroupPlace(
        place.wanted().sized(size).withGpus(gpus).wishing(wishes), place.vSwitch(), this);
  }
}
