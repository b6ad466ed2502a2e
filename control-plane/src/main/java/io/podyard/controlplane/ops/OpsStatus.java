package io.podyard.controlplane.ops;

import java.util.Arrays;
import java.util.Optional;

/** What became of a task, by the names of the contract (section 15). */
enum OpsStatus {
  /** It waits for its turn, or is under way. */
  READY("Ready"),
  SUCCESS("Success"),

  /** Somebody ended it, or its group ended; there may be a result. */
  CLOSED("Closed"),
  FAILED("Failed"),

  /** Its result is not kept any more. */
  EXPIRED("Expired");

  private final String wireName;

  OpsStatus(String wireName) {
    this.wireName = wireName;
  }

  static Optional<OpsStatus> named(String wireName) {
    return Arrays.stream(values()).filter(status -> status.wireName.equals(wireName)).findFirst();
  }

  String wireName() {
    return wireName;
  }
}
