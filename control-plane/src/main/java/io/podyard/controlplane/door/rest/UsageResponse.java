package io.podyard.controlplane.door.rest;

import io.podyard.billing.ChargeLine;
import io.podyard.billing.Item;
import io.podyard.billing.UsageInterval;
import io.podyard.controlplane.usage.GroupUsage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was used in a period.
 *
 * @param from first second of the period
 * @param to first second after it; now if the period has not passed yet
 * @param groups a page of them, newest first
 * @param total what all groups together cost, one amount a currency; null on a later page
 * @param unpriced which price is missing for the total; null unless one is
 * @param nextToken asks for the next page; null on the last one
 */
record UsageResponse(
    Instant from,
    Instant to,
    List<Group> groups,
    @Nullable List<AmountResponse> total,
    @Nullable String unpriced,
    @Nullable String nextToken) {

  /**
   * One container group, or something else that is metered by itself.
   *
   * @param kind what it is: {@code container-group}, {@code volume}, {@code image-cache}, {@code
   *     data-cache} or {@code cache-disk}
   * @param seconds how long its meter ran within the period
   * @param unpriced which price is missing; then there are neither lines nor amounts
   */
  record Group(
      String containerGroupId,
      String kind,
      long seconds,
      List<AmountResponse> amounts,
      List<Interval> intervals,
      List<Line> lines,
      @Nullable String unpriced) {

    static Group of(GroupUsage usage) {
      return new Group(
          usage.group().value(),
          usage.intervals().getFirst().tariff().resource().code(),
          usage.seconds(),
          AmountResponse.of(usage.amounts()),
          usage.intervals().stream().map(Interval::of).toList(),
          usage.lines().stream().map(Line::of).toList(),
          usage.unpriced());
    }
  }

  /** A time during which the meter ran at one size; whole, also where it leaves the period. */
  record Interval(
      int sequence,
      String regionId,
      String zoneId,
      BigDecimal cpu,
      BigDecimal memory,
      @Nullable BigDecimal gpu,
      @Nullable Integer storage,
      Instant from,
      @Nullable Instant to) {

    static Interval of(UsageInterval interval) {
      return new Interval(
          interval.sequence(),
          interval.region().value(),
          interval.zone().value(),
          interval.size().cpu().vcpu(),
          interval.size().memory().gib(),
          interval.gpuMilli() == 0 ? null : Item.GPU.quantity(interval.metered()),
          interval.metered().storageGib() == 0 ? null : interval.metered().storageGib(),
          interval.start(),
          interval.end());
    }
  }

  /** One item for a time during which neither size nor price changed. */
  record Line(
      String item,
      String unit,
      String quantity,
      Instant from,
      Instant to,
      long seconds,
      String pricePerSecond,
      String amount,
      String currency,
      String sentence) {

    static Line of(ChargeLine line) {
      return new Line(
          line.item().code(),
          line.item().unit(),
          line.quantity().toPlainString(),
          line.period().start(),
          line.period().end(),
          line.seconds(),
          line.unitPricePerSecond().toPlainString(),
          line.amount().amount().toPlainString(),
          line.amount().currency().value(),
          line.sentence());
    }
  }
}
