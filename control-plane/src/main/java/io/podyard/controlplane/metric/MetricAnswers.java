package io.podyard.controlplane.metric;

import io.podyard.api.metric.ContainerMetricResponse;
import io.podyard.api.metric.CpuMetricResponse;
import io.podyard.api.metric.MemoryMetricResponse;
import io.podyard.api.metric.MetricRecordResponse;
import io.podyard.api.metric.NetworkMetricResponse;
import io.podyard.api.metric.NewestMetricRecordResponse;
import io.podyard.controlplane.metric.MetricRecord.Container;
import io.podyard.controlplane.metric.MetricRecord.CpuUse;
import io.podyard.controlplane.metric.MetricRecord.MemorySums;
import io.podyard.model.MemoryMib;
import io.podyard.runtime.GroupStatistics;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Records in the shapes of the contract. CPU use and memory are averages over the record's window;
 * a group's are the sums of its containers', a container that was there for a part of the window
 * counting for that part.
 */
final class MetricAnswers {

  /** As in the contract's examples: milliseconds and an offset. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx").withZone(ZoneOffset.UTC);

  private MetricAnswers() {}

  static MetricRecordResponse record(MetricRecord of) {
    return new MetricRecordResponse(
        cpu(of),
        containers(of),
        of.disks().stream()
            .map(
                d ->
                    new MetricRecordResponse.Disk(
                        d.device(), d.readBytes(), d.reads(), d.writeBytes(), d.writes()))
            .toList(),
        of.filesystems().stream()
            .map(
                f ->
                    new MetricRecordResponse.Filesystem(
                        free(f), f.capacity(), f.category(), f.name(), f.used()))
            .toList(),
        memory(of),
        network(of),
        time(of.at()));
  }

  static NewestMetricRecordResponse newest(MetricRecord of) {
    return new NewestMetricRecordResponse(
        cpu(of),
        containers(of),
        of.disks().stream()
            .map(
                d ->
                    new NewestMetricRecordResponse.Disk(
                        d.device(), d.readBytes(), d.reads(), d.writeBytes(), d.writes()))
            .toList(),
        of.filesystems().stream()
            .map(
                f ->
                    new NewestMetricRecordResponse.Filesystem(
                        free(f), f.capacity(), f.name(), f.used()))
            .toList(),
        memory(of),
        network(of),
        time(of.at()));
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }

  private static long free(GroupStatistics.Filesystem of) {
    return Math.max(0, of.capacity() - of.used());
  }

  private static CpuMetricResponse cpu(MetricRecord of) {
    long counter = 0;
    long used = 0;
    long over = 0;
    for (Container container : of.containers()) {
      counter += container.cpuNanos();
      used += container.cpu().nanos();
      over = Math.max(over, container.cpu().overMillis());
    }
    return cpu(of.limit().milliCpu(), counter, new CpuUse(used, over));
  }

  private static CpuMetricResponse cpu(int milliCpu, long counter, CpuUse use) {
    Long nanoCores =
        use.overMillis() == 0
            ? null
            // A thousand times a counter may be more than a long holds.
            : (Long)
                BigInteger.valueOf(use.nanos())
                    .multiply(BigInteger.valueOf(1000))
                    .divide(BigInteger.valueOf(use.overMillis()))
                    .longValueExact();
    return new CpuMetricResponse((long) milliCpu, null, counter, nanoCores);
  }

  private static List<ContainerMetricResponse> containers(MetricRecord of) {
    return of.containers().stream()
        .map(
            c ->
                new ContainerMetricResponse(
                    cpu(c.milliCpu(), c.cpuNanos(), c.cpu()),
                    memory(c.memory(), c.samples(), c.memory().available() / c.samples()),
                    c.name()))
        .toList();
  }

  private static MemoryMetricResponse memory(MetricRecord of) {
    MemorySums sums = MemorySums.NONE;
    for (Container container : of.containers()) {
      sums = sums.plus(container.memory());
    }
    long limit = MemoryMib.of(of.limit().memoryMib()).bytes();
    return memory(sums, of.samples(), Math.max(0, limit - sums.workingSet() / of.samples()));
  }

  private static MemoryMetricResponse memory(MemorySums sums, int samples, long available) {
    return new MemoryMetricResponse(
        available,
        sums.cache() / samples,
        sums.rss() / samples,
        sums.usage() / samples,
        sums.workingSet() / samples);
  }

  private static NetworkMetricResponse network(MetricRecord of) {
    return new NetworkMetricResponse(
        of.interfaces().stream()
            .map(
                i ->
                    new NetworkMetricResponse.Interface(
                        i.name(),
                        i.rxBytes(),
                        i.rxDrops(),
                        i.rxErrors(),
                        i.rxPackets(),
                        i.txBytes(),
                        i.txDrops(),
                        i.txErrors(),
                        i.txPackets()))
            .toList());
  }
}
