package io.podyard.controlplane.inventory;

/** Who says that there is a pool or a host, and may change it. */
public enum DeclaredBy {
  /** The settings of a process: the runtime that it finds beside it. */
  SETTINGS,
  /** The inventory file. */
  FILE,
  /** An operator by the API. */
  API
}
