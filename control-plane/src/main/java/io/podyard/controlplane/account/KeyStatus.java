package io.podyard.controlplane.account;

/** Whether requests signed with a key are answered. */
public enum KeyStatus {
  ACTIVE,
  INACTIVE
}
