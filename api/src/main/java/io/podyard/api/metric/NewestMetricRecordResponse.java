package io.podyard.api.metric;

import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a group used last; some names differ from {@link MetricRecordResponse} (contract section
 * 2.2).
 *
 * @param timestamp of the sample, with milliseconds and offset
 */
public record NewestMetricRecordResponse(
    @WireName("CPU") @Nullable CpuMetricResponse cpu,
    List<ContainerMetricResponse> containers,
    List<Disk> disk,
    List<Filesystem> filesystem,
    @Nullable MemoryMetricResponse memory,
    @Nullable NetworkMetricResponse network,
    @Nullable String timestamp) {
  public NewestMetricRecordResponse {
    containers = WireLists.orEmpty(containers);
    disk = WireLists.orEmpty(disk);
    filesystem = WireLists.orEmpty(filesystem);
  }

  /** Counters of a block device; this action writes {@code Io}. */
  public record Disk(
      @Nullable String device,
      @Nullable Long readBytes,
      @Nullable Long readIo,
      @Nullable Long writeBytes,
      @Nullable Long writeIo) {}

  /** A file system, in bytes. */
  public record Filesystem(
      @Nullable Long available,
      @Nullable Long capacity,
      @Nullable String fsName,
      @Nullable Long usage) {}
}
