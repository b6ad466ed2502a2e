package io.podyard.controlplane.containergroup;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statuses users see (contract section 5), which may follow which, and whether the meter runs.
 * This is the one place that says so.
 */
public enum GroupStatus {
  SCHEDULING("Scheduling", false),
  SCHEDULE_FAILED("ScheduleFailed", false),
  PENDING("Pending", true),
  RUNNING("Running", true),
  RESTARTING("Restarting", true),
  UPDATING("Updating", true),
  TERMINATING("Terminating", true),
  SUCCEEDED("Succeeded", false),
  FAILED("Failed", false),
  EXPIRED("Expired", false);

  private static final Map<GroupStatus, Set<GroupStatus>> NEXT = new EnumMap<>(GroupStatus.class);

  static {
    // A short container may end between two looks, so Pending may be left for a final status, and a
    // group whose sandbox never came may be Failed, or Expired, out of Scheduling.
    NEXT.put(SCHEDULING, EnumSet.of(PENDING, SCHEDULE_FAILED, FAILED, TERMINATING, EXPIRED));
    NEXT.put(
        PENDING,
        EnumSet.of(RUNNING, SUCCEEDED, FAILED, RESTARTING, UPDATING, TERMINATING, EXPIRED));
    NEXT.put(RUNNING, EnumSet.of(SUCCEEDED, FAILED, RESTARTING, UPDATING, TERMINATING, EXPIRED));
    NEXT.put(RESTARTING, EnumSet.of(PENDING, RUNNING, SUCCEEDED, FAILED, TERMINATING, EXPIRED));
    NEXT.put(UPDATING, EnumSet.of(PENDING, RUNNING, SUCCEEDED, FAILED, TERMINATING, EXPIRED));
    for (GroupStatus last : EnumSet.of(TERMINATING, SCHEDULE_FAILED, SUCCEEDED, FAILED, EXPIRED)) {
      NEXT.put(last, EnumSet.noneOf(GroupStatus.class));
    }
  }

  private final String wireName;
  private final boolean billed;

  GroupStatus(String wireName, boolean billed) {
    this.wireName = wireName;
    this.billed = billed;
  }

  /** ECI's name of it, also the one that is stored. */
  public String wireName() {
    return wireName;
  }

  /** Whether the meter may run. */
  public boolean billed() {
    return billed;
  }

  /** Whether nothing follows but the end of the record. */
  public boolean isFinal() {
    return this == SCHEDULE_FAILED || this == SUCCEEDED || this == FAILED || this == EXPIRED;
  }

  /** Whether a group of this status may get the other; staying is always legal. */
  public boolean mayBecome(GroupStatus next) {
    return this == next || NEXT.getOrDefault(this, Set.of()).contains(next);
  }

  public static Optional<GroupStatus> named(String wireName) {
    return Stream.of(values()).filter(s -> s.wireName.equals(wireName)).findFirst();
  }

  /** All names, for an error message. */
  static String wireNames() {
    return Stream.of(values()).map(GroupStatus::wireName).collect(Collectors.joining(", "));
  }
}
