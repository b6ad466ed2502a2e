package io.podyard.billing;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes intervals as the real meter does, which is SQL of the control plane. */
final class PlainMeter {

  private PlainMeter() {}

  static UsageInterval open(
      ContainerGroupId group,
      AccountId account,
      RegionId region,
      ZoneId zone,
      Size size,
      Instant begin) {
    return new UsageInterval(
        group, 0, account, region, zone, size, WholeSeconds.floor(begin), null);
  }

  /** One that finished before it began is empty. */
  static UsageInterval close(UsageInterval open, Instant finish) {
    return with(
        open,
        open.sequence(),
        open.metered(),
        open.start(),
        WholeSeconds.later(open.start(), WholeSeconds.floor(finish)));
  }

  /** The next of the same group, no earlier than this one ended. */
  static UsageInterval follow(UsageInterval closed, Metered next, Instant begin) {
    Instant ended = Objects.requireNonNull(closed.end());
    return with(
        closed,
        closed.sequence() + 1,
        next,
        WholeSeconds.later(ended, WholeSeconds.floor(begin)),
        null);
  }

  private static UsageInterval with(
      UsageInterval interval, int sequence, Metered metered, Instant start, @Nullable Instant end) {
    return new UsageInterval(
        interval.group(),
        sequence,
        interval.account(),
        interval.region(),
        interval.zone(),
        metered,
        start,
        end,
        interval.spot());
  }
}
