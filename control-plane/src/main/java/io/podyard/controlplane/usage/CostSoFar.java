package io.podyard.controlplane.usage;

import io.podyard.model.Money;
import java.util.List;

/** What a group cost until now, with the disk that it got from an image cache. */
public sealed interface CostSoFar {

  /** How many seconds the meter ran. */
  long seconds();

  /** Whether the meter runs. */
  boolean metering();

  /**
   * It can be said.
   *
   * @param amounts exact, one for each currency it was charged in, the present one first; at least
   *     one, zero if nothing was charged yet
   * @param perSecond what a second costs now, or cost last if the group has ended
   */
  record Priced(List<Money> amounts, Money perSecond, long seconds, boolean metering)
      implements CostSoFar {

    public Priced {
      amounts = List.copyOf(amounts);
    }
  }

  /**
   * A price ended without a successor.
   *
   * @param message which one, for people
   */
  record Unpriced(String message, long seconds, boolean metering) implements CostSoFar {}
}
