package io.podyard.runtime;

/** When an ended container of a group is started again (contract section 5). */
public enum RestartPolicy {
  ALWAYS,
  ON_FAILURE,
  NEVER
}
