package io.podyard.controlplane.containergroup;

import io.podyard.model.ContainerGroupId;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Groups as this process read or wrote them last, those that it had to do with just now. Whoever
 * uses one has to see first that the row still has its version.
 */
final class RecentRecords {

  /** More than are on their way to Running at once; each is some kilobytes. */
  static final int MOST = 1_000;

  private final SequencedMap<ContainerGroupId, GroupRecord> records =
      new LinkedHashMap<>(MOST, 0.75f, true);

  synchronized Optional<GroupRecord> of(ContainerGroupId group) {
    return Optional.ofNullable(records.get(group));
  }

  synchronized void put(GroupRecord record) {
    records.put(record.id(), record);
    if (records.size() > MOST) {
      records.pollFirstEntry();
    }
  }

  synchronized void remove(ContainerGroupId group) {
    records.remove(group);
  }
}
