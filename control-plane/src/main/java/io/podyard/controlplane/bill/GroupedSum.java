package io.podyard.controlplane.bill;

import io.podyard.model.CurrencyCode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lines add up to that have something in common.
 *
 * @param value what they have in common, empty for those that have nothing of the kind; null for
 *     all values together that are not told one by one
 * @param values how many values there are in it, 1 unless it is of those
 * @param lines how many of them there are
 * @param amount exact
 * @param days the same by day, in their order, where that was asked for
 */
public record GroupedSum(
    CurrencyCode currency,
    @Nullable String value,
    long values,
    long lines,
    BigDecimal amount,
    List<DaySum> days) {

  /**
   * Of one UTC day.
   *
   * @param day written like {@code 2026-03-01}
   * @param lines how many of the lines are of it
   */
  public record DaySum(String day, long lines, BigDecimal amount) {}

  public GroupedSum {
    days = List.copyOf(days);
  }
}
