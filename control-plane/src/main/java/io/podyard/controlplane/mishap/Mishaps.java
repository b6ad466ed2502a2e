package io.podyard.controlplane.mishap;

import org.slf4j.Logger;

/**
 * For threads whose end would go unnoticed while nothing is done any more: they catch all there is,
 * also errors, tell of it here, and go on.
 */
public final class Mishaps {

  private Mishaps() {}

  /** Logs a failure. Never throws: without memory nothing can be said either. */
  public static void tell(Logger log, String what, Throwable failure) {
    try {
      log.error(what, failure);
    } catch (Throwable unsaid) {
      // There may be memory again for the next one.
    }
  }
}
