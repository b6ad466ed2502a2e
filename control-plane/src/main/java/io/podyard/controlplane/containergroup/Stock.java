package io.podyard.controlplane.containergroup;

import io.podyard.model.ZoneId;

/** Whether there is room in a zone for one more group of a size (contract section 6). */
public record Stock(ZoneId zone, Status status) {

  /**
   * The contract's names without {@code ClosedWithStock}: clients take that for something which can
   * be had while supply is short, and that it is short is not told apart.
   */
  public enum Status {
    /** A host has room for it now that nobody else waits for. */
    WITH_STOCK("WithStock"),

    /** No host has such room now, but one could have. */
    WITHOUT_STOCK("WithoutStock"),

    /** It has no price, or no host could ever take it: a create would be refused. */
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
