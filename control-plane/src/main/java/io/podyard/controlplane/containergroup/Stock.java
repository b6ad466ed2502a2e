package io.podyard.controlplane.containergroup;

import io.podyard.model.ZoneId;

/** Whether there is room in a zone for one more group of a size (contract section 6). */
public record Stock(ZoneId zone, Status status) {

  /** The contract's names; that supply is short is not told apart. */
  public enum Status {
    /** A host has room for it now. */
    WITH_STOCK("WithStock"),

    /** No host has room now, but one could have. */
    WITHOUT_STOCK("WithoutStock"),

    /** No host could ever take it. */
    CLOSED_WITHOUT_STOCK("ClosedWithoutStock");

    private final String wireName;

    Status(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }
}
