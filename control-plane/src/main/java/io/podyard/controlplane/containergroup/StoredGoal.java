package io.podyard.controlplane.containergroup;

/** What is to become of a group, as it is stored. */
public enum StoredGoal {
  /** It runs until it ends by itself. */
  RUN,
  /** Its owner deleted it: it stops, is removed and its record ends. */
  END,
  /** It ended: what is left on the host is removed, the record stays. */
  REMOVE
}
