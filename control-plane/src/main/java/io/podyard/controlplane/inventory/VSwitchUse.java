package io.podyard.controlplane.inventory;

import io.podyard.model.ContainerGroupId;
import java.util.Optional;

/** Who is in a vSwitch. */
public interface VSwitchUse {

  /**
   * A group that something is left of, or that may yet be in it; empty if there is none. Asked in
   * the transaction that has locked the vSwitch.
   */
  Optional<ContainerGroupId> groupIn(VSwitches.Key vSwitch);
}
