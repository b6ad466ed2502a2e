package io.podyard.controlplane.metric;

import io.podyard.controlplane.metric.MetricRecord.Container;
import io.podyard.controlplane.metric.MetricRecord.CpuUse;
import io.podyard.controlplane.metric.MetricRecord.Limit;
import io.podyard.controlplane.metric.MetricRecord.MemorySums;
import io.podyard.runtime.GroupStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Made-up samples of a group of two containers, from a seed. */
final class Samples {

  private static final long MIB = 1 << 20;

  private final SplittableRandom random;
  private long cpu;
  private long side;
  private long received;
  private long written;

  Samples(long seed) {
    random = new SplittableRandom(seed);
  }

  MetricRecord next(Instant at, Duration since) {
    long used = random.nextLong(0, since.toNanos());
    long usedBySide = random.nextLong(0, since.toNanos() / 10);
    cpu += used;
    side += usedBySide;
    received += random.nextLong(0, 1_000_000);
    written += random.nextLong(0, 100_000);
    return new MetricRecord(
        at,
        1,
        new Limit(2000, 4096),
        List.of(
            new Container("app", 1, 2000, cpu, new CpuUse(used, since.toMillis()), memory(1000)),
            new Container(
                "side", 1, 500, side, new CpuUse(usedBySide, since.toMillis()), memory(100))),
        List.of(
            new GroupStatistics.Interface(
                "eth0", received, received / 800, 0, 0, received / 2, received / 1600, 0, 0)),
        List.of(new GroupStatistics.Disk("vda", 8192, 2, written, written / 4096)),
        List.of(new GroupStatistics.Filesystem("scratch", "EmptyDir", 1 << 30, written)));
  }

  private MemorySums memory(long mostMib) {
    long usage = random.nextLong(mostMib / 2, mostMib) * MIB;
    long cache = usage / 10;
    return new MemorySums(usage, usage - cache, cache, usage - cache / 2, 4096 * MIB - usage);
  }

  /** Every so often from one moment on and before another one. */
  static List<MetricRecord> from(long seed, Instant from, Instant to, Duration every) {
    Samples samples = new Samples(seed);
    List<MetricRecord> all = new ArrayList<>();
    for (Instant at = from; at.isBefore(to); at = at.plus(every)) {
      all.add(samples.next(at, every));
    }
    return all;
  }
}
