package io.podyard.billing;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import io.podyard.model.CurrencyCode;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of an account and hour have in common that correct one another: one resource, one
 * item, one price, one kind. Their units and amounts add up.
 *
 * @param region null for a savings plan
 * @param zone null for a savings plan, and for reserved instances of a whole region
 * @param item null for what is left of a savings plan, which is counted in money
 * @param agreement by which the price is not that of the book, null for none
 * @param listPrice what the book says of one unit for one second
 * @param unitPrice what is paid of it
 */
public record LineSlot(
    Resource resource,
    @Nullable RegionId region,
    @Nullable ZoneId zone,
    @Nullable Item item,
    ChargeKind kind,
    @Nullable AgreementId agreement,
    BigDecimal listPrice,
    BigDecimal unitPrice,
    CurrencyCode currency)
    implements Comparable<LineSlot> {

  private static final Comparator<LineSlot> IN_ORDER =
      comparing(LineSlot::resource)
          .thenComparing(LineSlot::item, nullsFirst(naturalOrder()))
          .thenComparing(LineSlot::kind)
          .thenComparing(LineSlot::agreement, nullsFirst(naturalOrder()))
          .thenComparing(LineSlot::region, nullsFirst(naturalOrder()))
          .thenComparing(LineSlot::zone, nullsFirst(naturalOrder()))
          .thenComparing(LineSlot::listPrice, Comparator.reverseOrder())
          .thenComparing(LineSlot::unitPrice, Comparator.reverseOrder())
          .thenComparing(slot -> slot.currency().value());

  public LineSlot {
    listPrice = Decimals.shortest(listPrice);
    unitPrice = Decimals.shortest(unitPrice);
  }

  /** What its units are: {@code vCPU-seconds}, or money. */
  public String unit() {
    return item == null ? currency.value() : item.unit() + "-seconds";
  }

  /** All of it as one text; two slots have the same one only if they are equal. */
  String text() {
    List<@Nullable Object> parts =
        Arrays.asList(resource, item, kind.code(), agreement, region, zone, currency);
    return Stream.concat(
            parts.stream().map(part -> Objects.toString(part, "")),
            Stream.of(listPrice, unitPrice).map(BigDecimal::toPlainString))
        .collect(Collectors.joining("/"));
  }

  @Override
  public int compareTo(LineSlot other) {
    return IN_ORDER.compare(this, other);
  }
}
