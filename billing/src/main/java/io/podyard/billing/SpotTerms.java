package io.podyard.billing;

import java.time.Instant;

/**
 * What was agreed with a spot group (contract section 17): for the time of its protection it costs
 * what it cost when it was created, afterwards what spot groups cost at each moment.
 *
 * @param createdAt whose prices count during the protection, a whole UTC second
 * @param protectedUntil first second that is not protected, never before {@code createdAt}
 */
public record SpotTerms(Instant createdAt, Instant protectedUntil) {

  /**
   * @throws IllegalArgumentException if these are no whole seconds, or the protection ends before
   *     it begins
   */
  public SpotTerms {
    if (!WholeSeconds.isWhole(createdAt)
        || !WholeSeconds.isWhole(protectedUntil)
        || protectedUntil.isBefore(createdAt)) {
      throw new IllegalArgumentException(
          "nothing is protected from " + createdAt + " to " + protectedUntil);
    }
  }

  /** Whose prices count for a second: those of the creation, or its own. */
  public Instant pricedAt(Instant second) {
    return second.isBefore(protectedUntil) ? createdAt : second;
  }
}
