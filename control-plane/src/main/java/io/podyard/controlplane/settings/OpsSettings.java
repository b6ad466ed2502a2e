package io.podyard.controlplane.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Operations tasks.
 *
 * @param tcpdumpImage an image that has {@code tcpdump} in its path; without one nobody captures
 *     packets
 * @param longest a capture may last so long, 1 s to 1 day
 * @param fileSize a capture may be so large, 1 KB to 1 GB (contract section 15)
 * @param coreDumps a core dump may be so large, 1 MB or more; 0 for none
 * @param inAll so much is kept of the results of all tasks
 * @param kept for so long a result can be downloaded, 1 s to 30 days
 * @param perHost captures that go on at the same time on one host; the others wait
 * @param perAccount tasks of one account that are under way; more are refused
 * @param downloads at once through one process
 */
public record OpsSettings(
    @Nullable String tcpdumpImage,
    @DefaultValue("10m") Duration longest,
    @DefaultValue("64MB") DataSize fileSize,
    @DefaultValue("0B") DataSize coreDumps,
    @DefaultValue("2GB") DataSize inAll,
    @DefaultValue("12h") Duration kept,
    @DefaultValue("4") int perHost,
    @DefaultValue("5") int perAccount,
    @DefaultValue("20") int downloads) {

  /**
   * @throws IllegalArgumentException if one is out of range
   */
  public OpsSettings {
    requireTime("PODYARD_OPS_LONGEST", longest, Duration.ofDays(1));
    requireTime("PODYARD_OPS_KEPT", kept, Duration.ofDays(30));
    if (fileSize.compareTo(DataSize.ofKilobytes(1)) < 0
        || fileSize.compareTo(DataSize.ofGigabytes(1)) > 0) {
      throw new IllegalArgumentException(
          "PODYARD_OPS_FILE_SIZE must be from 1KB to 1GB, not " + fileSize);
    }
    if (coreDumps.isNegative()
        || coreDumps.toBytes() > 0 && coreDumps.compareTo(DataSize.ofMegabytes(1)) < 0
        || coreDumps.compareTo(inAll) > 0) {
      throw new IllegalArgumentException(
          ("PODYARD_OPS_CORE_DUMPS must be 0, or from 1MB to the %s of PODYARD_OPS_IN_ALL, not %s")
              .formatted(inAll, coreDumps));
    }
    if (inAll.isNegative()) {
      throw new IllegalArgumentException("PODYARD_OPS_IN_ALL must not be negative: " + inAll);
    }
    if (perHost < 1 || perAccount < 1 || downloads < 1) {
      throw new IllegalArgumentException(
          "PODYARD_OPS_PER_HOST, _PER_ACCOUNT and _DOWNLOADS must be 1 or more, not %d, %d and %d"
              .formatted(perHost, perAccount, downloads));
    }
  }

  private static void requireTime(String name, Duration value, Duration most) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be from 1s to %dh, not %s".formatted(name, most.toHours(), value));
    }
  }
}
