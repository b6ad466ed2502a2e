package io.podyard.runtime;

import java.time.Instant;

/** What is to become of a group. */
public sealed interface Goal {

  /** It shall run until it ends by itself. */
  record Run() implements Goal {}

  /**
   * It shall stop and be removed.
   *
   * @param killAt when what still runs after its stop signal is killed
   * @param reason why, for what the containers are told and users read: {@code Deleted}, {@code
   *     DeadlineExceeded}
   */
  record End(Instant killAt, String reason) implements Goal {}

  /**
   * It may not go on where it is: what runs is stopped with its usual grace, and it fails. Once it
   * is stopping it may have the goal {@link Run} again, that ends it all the same.
   *
   * @param reason why, machine-readable: {@code HostDrained}
   * @param message the same for people
   */
  record Evict(String reason, String message) implements Goal {}

  /** Its record is final: what is left on the host shall be removed. */
  record Remove() implements Goal {}
}
