package io.podyard.controlplane.volume;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A disk.
 *
 * @param id {@code d-...}
 * @param zone of its host
 * @param host that keeps it, null until its first group has one
 * @param sizeGib {@value #SMALLEST_GIB} to {@value #LARGEST_GIB}
 * @param performanceLevel as it was asked for; nothing depends on it
 * @param deleteWithGroup whether it is removed once the group that has it is gone
 * @param attachedTo the group that has it, null if none does
 */
public record PersistentVolume(
    String id,
    AccountId account,
    RegionId region,
    @Nullable ZoneId zone,
    @Nullable HostId host,
    int sizeGib,
    String fsType,
    @Nullable String performanceLevel,
    boolean deleteWithGroup,
    @Nullable ContainerGroupId attachedTo,
    Instant createdAt) {

  /** Contract section 10. */
  public static final int SMALLEST_GIB = 20;

  /** Contract section 10. */
  public static final int LARGEST_GIB = 32768;

  /** The one file system that hosts make. */
  public static final String EXT4 = "ext4";
}
