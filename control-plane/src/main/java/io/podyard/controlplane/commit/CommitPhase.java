package io.podyard.controlplane.commit;

import java.util.Arrays;

/** The phases of a task, in their order. */
enum CommitPhase {
  /**
   * The container's image has to be on the host; it is, since the container was made from it there.
   */
  PULL_BASE_IMAGE("PullBaseImage", 0),
  COMMIT_CONTAINER("CommitContainer", 10),
  PUSH_COMMITTED_IMAGE("PushCommittedImage", 50);

  private final String wireName;
  private final int percentBefore;

  CommitPhase(String wireName, int percentBefore) {
    this.wireName = wireName;
    this.percentBefore = percentBefore;
  }

  static CommitPhase named(String wireName) {
    return Arrays.stream(values())
        .filter(phase -> phase.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no phase is named " + wireName));
  }

  String wireName() {
    return wireName;
  }

  /** How much of a task is done when the phase begins. */
  int percentBefore() {
    return percentBefore;
  }
}
