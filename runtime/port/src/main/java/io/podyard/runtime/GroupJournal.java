package io.podyard.runtime;

import java.util.List;

/** Where a runtime stores what it is about to do for one group, before it does it. */
public interface GroupJournal {

  /**
   * Stores the state and what happened, durably and in one transaction, under the driver's epoch.
   *
   * @return false if somebody else changed the group meanwhile or the epoch is over: the runtime
   *     stops at once and is called again with what is stored now
   */
  boolean commit(GroupState next, List<Occurrence> occurrences);
}
