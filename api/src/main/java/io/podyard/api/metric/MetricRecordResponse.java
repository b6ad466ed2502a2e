package io.podyard.api.metric;

import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a group used in a window of time.
 *
 * @param timestamp of the newest sample in it, with milliseconds and offset
 */
public record MetricRecordResponse(
    @WireName("CPU") @Nullable CpuMetricResponse cpu,
    List<ContainerMetricResponse> containers,
    List<Disk> disk,
    List<Filesystem> filesystem,
    @Nullable MemoryMetricResponse memory,
    @Nullable NetworkMetricResponse network,
    @Nullable String timestamp) {
  public MetricRecordResponse {
    containers = WireLists.orEmpty(containers);
    disk = WireLists.orEmpty(disk);
    filesystem = WireLists.orEmpty(filesystem);
  }

  /** Counters of a block device; this action writes {@code IO} (contract section 2.2). */
  public record Disk(
      @Nullable String device,
      @Nullable Long readBytes,
      @WireName("ReadIO") @Nullable Long readIo,
      @Nullable Long writeBytes,
      @WireName("WriteIO") @Nullable Long writeIo) {}

  /** A file system, in bytes. */
  public record Filesystem(
      @Nullable Long available,
      @Nullable Long capacity,
      @Nullable String category,
      @Nullable String fsName,
      @Nullable Long usage) {}
}
