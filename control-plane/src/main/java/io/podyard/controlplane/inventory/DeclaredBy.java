package io.podyard.controlplane.inventory;

/** Who says that there is a zone, a pool or a host, and may change it. */
public enum DeclaredBy {
  /** The settings of a process: the runtime that it finds beside it. */
  SETTINGS(" comes from the settings of a server"),
  /** The inventory file. */
  FILE(" is declared in the inventory file"),
  /** An operator by the API. */
  API(" was declared by the API");

  private final String words;

  DeclaredBy(String words) {
    this.words = words;
  }

  /** What the settings bring may be taken over by whoever declares it. */
  boolean keepsFrom(DeclaredBy other) {
    return this != other && this != SETTINGS;
  }

  /** Whose it is, in words. */
  String says(String what) {
    return what + words;
  }
}
