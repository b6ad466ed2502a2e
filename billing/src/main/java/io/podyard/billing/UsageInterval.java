package io.podyard.billing;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time during which the meter of a container group, or of something else, ran at one size and
 * tariff: {@code [start, end)} in whole UTC seconds. A group's intervals are numbered and never
 * overlap.
 *
 * @param group the group, or whatever else {@link Tariff#resource()} says it is, by its own id
 * @param sequence number of the interval within its group, 0 or more
 * @param metered what is billed
 * @param start first second that counts
 * @param end first second that no longer counts; null while the meter runs
 * @param spot what was agreed if it is a spot group, else null
 */
public record UsageInterval(
    ContainerGroupId group,
    int sequence,
    AccountId account,
    RegionId region,
    ZoneId zone,
    Metered metered,
    Instant start,
    @Nullable Instant end,
    @Nullable SpotTerms spot) {

  /**
   * @throws IllegalArgumentException if an end is no whole second, if it ends before it starts or
   *     if the sequence is negative
   */
  public UsageInterval {
    if (sequence < 0) {
      throw new IllegalArgumentException(
          "an interval's sequence must not be negative: " + sequence);
    }
    if (!WholeSeconds.isWhole(start) || (end != null && !WholeSeconds.isWhole(end))) {
      throw new IllegalArgumentException(
          "an interval has whole seconds, not " + start + " to " + end);
    }
    if (end != null && end.isBefore(start)) {
      throw new IllegalArgumentException(
          "an interval cannot end before it starts: " + start + " to " + end);
    }
  }

  /** Of something without more storage than is free. */
  public UsageInterval(
      ContainerGroupId group,
      int sequence,
      AccountId account,
      RegionId region,
      ZoneId zone,
      Size size,
      int gpuMilli,
      Tariff tariff,
      Instant start,
      @Nullable Instant end,
      @Nullable SpotTerms spot) {
    this(
        group,
        sequence,
        account,
        region,
        zone,
        new Metered(size, gpuMilli, tariff),
        start,
        end,
        spot);
  }

  /** The same of a group that is no spot group. */
  public UsageInterval(
      ContainerGroupId group,
      int sequence,
      AccountId account,
      RegionId region,
      ZoneId zone,
      Size size,
      int gpuMilli,
      Tariff tariff,
      Instant start,
      @Nullable Instant end) {
    this(group, sequence, account, region, zone, size, gpuMilli, tariff, start, end, null);
  }

  /** Of a group without GPUs that is charged by {@link Tariff#STANDARD}. */
  public UsageInterval(
      ContainerGroupId group,
      int sequence,
      AccountId account,
      RegionId region,
      ZoneId zone,
      Size size,
      Instant start,
      @Nullable Instant end) {
    this(group, sequence, account, region, zone, size, 0, Tariff.STANDARD, start, end);
  }

  /** What is billed: the size after it was raised to a supported one. */
  public Size size() {
    return metered.size();
  }

  /** Thousandths of a GPU that are billed, 0 or more. */
  public int gpuMilli() {
    return metered.gpuMilli();
  }

  /** By which items it is charged. */
  public Tariff tariff() {
    return metered.tariff();
  }

  /** The same by another tariff. */
  public UsageInterval by(Tariff other) {
    return of(new Metered(metered.size(), metered.gpuMilli(), other, metered.storageGib()));
  }

  /** The same of another size or kind. */
  public UsageInterval of(Metered other) {
    return new UsageInterval(group, sequence, account, region, zone, other, start, end, spot);
  }

  /** The same of a spot group. */
  public UsageInterval asSpot(SpotTerms terms) {
    return new UsageInterval(group, sequence, account, region, zone, metered, start, end, terms);
  }

  public boolean isOpen() {
    return end == null;
  }

  /** What of it has passed by then, in whole seconds; empty at the start if it had not begun. */
  public Period until(Instant instant) {
    Instant passed = WholeSeconds.floor(instant);
    Instant last = end == null ? passed : WholeSeconds.earlier(end, passed);
    return new Period(start, WholeSeconds.later(start, last));
  }
}
