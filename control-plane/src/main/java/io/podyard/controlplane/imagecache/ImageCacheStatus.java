package io.podyard.controlplane.imagecache;

import java.util.Arrays;

/** The statuses of a cache (contract section 13). */
enum ImageCacheStatus {
  PREPARING("Preparing"),
  CREATING("Creating"),
  READY("Ready"),
  FAILED("Failed"),
  UPDATING("Updating"),
  UPDATE_FAILED("UpdateFailed");

  private final String wireName;

  ImageCacheStatus(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }

  /** Whether a revision is being made. */
  boolean isMaking() {
    return switch (this) {
      case PREPARING, CREATING, UPDATING -> true;
      case READY, FAILED, UPDATE_FAILED -> false;
    };
  }

  static ImageCacheStatus named(String wireName) {
    return Arrays.stream(values())
        .filter(status -> status.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no status of a cache: " + wireName));
  }
}
