package io.podyard.billing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * An account pays only a share of the price of some items. It is for what neither reserved
 * instances nor a savings plan cover, and never for spot groups.
 *
 * @param share of the price that is paid, 0 to 1, with at most 4 decimals
 * @param from first hour it is valid
 * @param to first hour it is no longer valid, null for no end
 */
public record AccountDiscount(
    AgreementId id, ItemPattern items, BigDecimal share, Hour from, @Nullable Hour to)
    implements Agreement {

  /**
   * @throws IllegalArgumentException if the share is out of range or the validity empty
   */
  public AccountDiscount {
    share = Share.checked(share);
    Agreement.requireTime(from, to);
  }
}
