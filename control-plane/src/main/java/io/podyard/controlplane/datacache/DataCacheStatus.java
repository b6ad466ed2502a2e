package io.podyard.controlplane.datacache;

import java.util.Arrays;

/** The statuses of a cache (contract section 14). */
enum DataCacheStatus {
  /** A host reads the source. */
  LOADING("Loading"),
  /** A host is brought what another cache holds. */
  CREATING("Creating"),
  AVAILABLE("Available"),
  FAILED("Failed"),
  UPDATING("Updating"),
  UPDATE_FAILED("UpdateFailed");

  private final String wireName;

  DataCacheStatus(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }

  /** Whether a revision is being made. */
  boolean isMaking() {
    return switch (this) {
      case LOADING, CREATING, UPDATING -> true;
      case AVAILABLE, FAILED, UPDATE_FAILED -> false;
    };
  }

  static DataCacheStatus named(String wireName) {
    return Arrays.stream(values())
        .filter(status -> status.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no status of a cache: " + wireName));
  }
}
