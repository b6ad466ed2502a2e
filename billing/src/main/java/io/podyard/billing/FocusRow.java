package io.podyard.billing;

import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Period;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A row of a FOCUS dataset, before it is split into columns.
 *
 * @param slot null for the rounding of the bill
 * @param units null for the rounding of the bill
 * @param correction whether the bill of that time was closed before
 */
record FocusRow(
    AccountId account,
    Period charged,
    @Nullable LineSlot slot,
    @Nullable BigDecimal units,
    BigDecimal amount,
    CurrencyCode currency,
    boolean correction,
    String description,
    ResourceFacts facts) {

  boolean isOf(ChargeKind kind) {
    return slot != null && slot.kind() == kind;
  }

  boolean isCommitted() {
    return isOf(ChargeKind.RESERVED) || isOf(ChargeKind.SAVINGS_PLAN) || isOf(ChargeKind.UNUSED);
  }

  /** Whether the commitment is reserved instances and not a savings plan. */
  boolean isReserved() {
    return isOf(ChargeKind.RESERVED)
        || (isOf(ChargeKind.UNUSED) && slot != null && slot.item() != null);
  }

  @Nullable Item item() {
    return slot == null ? null : slot.item();
  }

  /** What one unit costs by contract: what the account pays where no commitment covers it. */
  @Nullable BigDecimal contractedPrice() {
    if (slot == null) {
      return null;
    }
    return isCommitted() ? slot.listPrice() : slot.unitPrice();
  }

  /** Units at a price, or the amount where there are no units. */
  BigDecimal at(@Nullable BigDecimal price) {
    return price == null || units == null ? amount : units.multiply(price);
  }
}
