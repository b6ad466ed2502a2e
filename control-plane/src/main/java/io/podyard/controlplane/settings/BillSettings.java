package io.podyard.controlplane.settings;

import io.podyard.billing.BillRounding;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bills.
 *
 * @param closesAfter how long after the end of a month its bills are closed at the earliest, 0 to
 *     60 days; until then what is learnt late is on them
 * @param rounding how bills are rounded that are not closed yet
 * @param issuer who sends the bills, as exports name it
 */
public record BillSettings(
    @DefaultValue("3d") Duration closesAfter,
    @DefaultValue("total-only") BillRounding rounding,
    @DefaultValue("Podyard") String issuer) {

  private static final Duration LONGEST = Duration.ofDays(60);

  /**
   * @throws IllegalArgumentException if bills would close too late or before their month is over,
   *     or nobody sends them
   */
  public BillSettings {
    if (closesAfter.isNegative() || closesAfter.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "PODYARD_BILL_CLOSES_AFTER must be from 0 to %d days, not %s"
              .formatted(LONGEST.toDays(), closesAfter));
    }
    if (issuer.isBlank()) {
      throw new IllegalArgumentException("PODYARD_BILL_ISSUER must not be blank");
    }
    issuer = issuer.strip();
  }
}
