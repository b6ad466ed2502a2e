package io.podyard.controlplane.settings;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much is kept of the logs of containers.
 *
 * @param perAttempt text of each run of a container, the newest part; 64 KB to 1 GB
 * @param inAll in the database, compressed, of containers that were removed; the oldest go first
 */
public record LogSettings(
    @DefaultValue("10MB") DataSize perAttempt, @DefaultValue("10GB") DataSize inAll) {

  private static final DataSize LEAST = DataSize.ofKilobytes(64);
  private static final DataSize MOST = DataSize.ofGigabytes(1);

  /**
   * @throws IllegalArgumentException if a size is out of range
   */
  public LogSettings {
    if (perAttempt.compareTo(LEAST) < 0 || perAttempt.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "PODYARD_LOGS_PER_ATTEMPT must be from 64KB to 1GB, not " + perAttempt);
    }
    if (inAll.isNegative()) {
      throw new IllegalArgumentException("PODYARD_LOGS_IN_ALL must not be negative: " + inAll);
    }
  }
}
