package io.podyard.controlplane.commit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What became of a task, by the names of the contract (section 15). */
enum CommitStatus {
  RUNNING("Running"),
  SUCCEEDED("Succeeded"),
  FAILED("Failed");

  private final String wireName;

  CommitStatus(String wireName) {
    this.wireName = wireName;
  }

  static Optional<CommitStatus> named(String wireName) {
    return Arrays.stream(values()).filter(status -> status.wireName.equals(wireName)).findFirst();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(CommitStatus::wireName).toList();
  }

  String wireName() {
    return wireName;
  }
}
