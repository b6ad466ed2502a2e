package io.podyard.controlplane.inventory;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * That a host is to become empty.
 *
 * @param within how long from when it was first declared so
 */
public record HostDrain(Duration within, @Nullable String reason) {

  /** The same words are the same drain, however often they are read. */
  String words() {
    return within + (reason == null ? "" : " " + reason);
  }
}
