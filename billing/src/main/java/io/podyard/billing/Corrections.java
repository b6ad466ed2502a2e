package io.podyard.billing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The lines that make those of a resource in an hour what they should be. */
final class Corrections {

  private Corrections() {}

  /**
   * The lines to add.
   *
   * @param wanted units that are to be charged in all
   * @param stored the lines of the resource that there are
   * @param again whether the hour has been settled, perhaps without this resource
   */
  static List<SettledLine> of(
      AccountHour of,
      SortedMap<LineSlot, BigDecimal> wanted,
      List<SettledLine> stored,
      boolean again) {
    SortedMap<LineSlot, BigDecimal> missing = new TreeMap<>(wanted);
    SortedMap<LineSlot, BigDecimal> charged = new TreeMap<>();
    int revision = 0;
    for (SettledLine line : stored) {
      if (!line.of().equals(of)) {
        throw new IllegalArgumentException("not of " + of + ": " + line);
      }
      revision = Math.max(revision, line.revision() + 1);
      charged.merge(line.slot(), line.units(), BigDecimal::add);
      missing.merge(line.slot(), line.units().negate(), BigDecimal::add);
    }
    List<SettledLine> lines = new ArrayList<>();
    for (Map.Entry<LineSlot, BigDecimal> slot : missing.entrySet()) {
      if (slot.getValue().signum() != 0) {
        Why why = again ? why(slot.getKey(), wanted, charged) : null;
        lines.add(SettledLine.of(of, slot.getKey(), revision, slot.getValue(), why));
      }
    }
    return lines;
  }

  private static Why why(
      LineSlot slot, Map<LineSlot, BigDecimal> wanted, Map<LineSlot, BigDecimal> charged) {
    if (slot.kind() == ChargeKind.UNUSED) {
      return Why.COVERAGE_CHANGED;
    }
    int more = sum(wanted, slot.item(), false).compareTo(sum(charged, slot.item(), false));
    if (more != 0) {
      return more < 0 ? Why.LATE_CLOSE : Why.LATE_USAGE;
    }
    return sum(wanted, slot.item(), true).compareTo(sum(charged, slot.item(), true)) == 0
        ? Why.COVERAGE_CHANGED
        : Why.PRICE_CHANGED;
  }

  /** Units of an item, or what they would be at the prices of the book. */
  private static BigDecimal sum(
      Map<LineSlot, BigDecimal> slots, @Nullable Item item, boolean atListPrice) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<LineSlot, BigDecimal> entry : slots.entrySet()) {
      LineSlot slot = entry.getKey();
      if (Objects.equals(slot.item(), item)) {
        BigDecimal units = entry.getValue();
        sum = sum.add(atListPrice ? units.multiply(slot.listPrice()) : units);
      }
    }
    return sum;
  }
}
