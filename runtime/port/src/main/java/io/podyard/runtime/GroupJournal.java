package io.podyard.runtime;

import java.util.List;
import java.util.Optional;

/** Where a runtime stores what it is about to do for one group, before it does it. */
public interface GroupJournal {

  /**
   * Stores the state and what happened, durably and in one transaction, under the driver's epoch.
   *
   * @return false if somebody else changed the group meanwhile or the epoch is over: the runtime
   *     stops at once and is called again with what is stored now
   */
  boolean commit(GroupState next, List<Occurrence> occurrences);

  /**
   * Who waits for a core dump of the group; asked when one of its containers has crashed, and once
   * more before that container is removed.
   */
  default Optional<CoreDumpReceiver> coreDumps() {
    return Optional.empty();
  }
}
