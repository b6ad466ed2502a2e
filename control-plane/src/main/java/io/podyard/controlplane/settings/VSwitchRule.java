package io.podyard.controlplane.settings;

/** What becomes of a vSwitch that the account has never used. */
public enum VSwitchRule {
  /** The first group in it registers it, in the zone of that group. */
  FIRST_USE,
  /** It is refused; those that are registered are used as before. */
  STRICT
}
