package io.podyard.runtime.pod;

import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.util.Map;
import java.util.Optional;

/**
 * What a group takes of its host's disk, as far as it was measured. Logs are not in it: they are
 * bounded where they are written.
 *
 * @param volumes bytes by volume, of empty folders on disk; {@link Long#MAX_VALUE} of one that
 *     nests folders too deep to be measured
 * @param written bytes that its containers wrote beside their volumes
 */
public record DiskUsage(Map<String, Long> volumes, long written) {

  /** Of a group that was not measured yet, or on whose host nothing takes disk. */
  public static final DiskUsage NONE = new DiskUsage(Map.of(), 0);

  private static final long MIB = 1 << 20;

  public DiskUsage {
    volumes = Map.copyOf(volumes);
  }

  /**
   * What a group takes more of than it may: first of a volume with a limit of its own, then of all
   * its disk. Empty if it takes no more than it may.
   */
  public Optional<String> exceeding(GroupSpec spec) {
    return spec.volumes().stream()
        .flatMap(volume -> exceeding(volume).stream())
        .findFirst()
        .or(() -> exceedingInAll(spec));
  }

  private Optional<String> exceeding(VolumeSpec volume) {
    if (!(volume instanceof VolumeSpec.EmptyDir(String name, boolean inMemory, Integer limit))
        || inMemory
        || limit == null) {
      return Optional.empty();
    }
    long bytes = volumes.getOrDefault(name, 0L);
    if (bytes == Long.MAX_VALUE) {
      return Optional.of(
          "Volume %s, which may hold %d MiB, nests folders too deep to be measured"
              .formatted(name, limit));
    }
    return bytes > limit * MIB
        ? Optional.of(
            "Volume %s holds %d MiB, more than its limit of %d MiB"
                .formatted(name, mib(bytes), limit))
        : Optional.empty();
  }

  private Optional<String> exceedingInAll(GroupSpec spec) {
    Optional<String> tooDeep =
        volumes.entrySet().stream()
            .filter(volume -> volume.getValue() == Long.MAX_VALUE)
            .map(Map.Entry::getKey)
            .sorted()
            .findFirst();
    if (tooDeep.isPresent()) {
      return Optional.of(
          "Volume %s nests folders too deep to be measured".formatted(tooDeep.get()));
    }
    long held = volumes.values().stream().mapToLong(Long::longValue).sum();
    return held + written > spec.ephemeralMib() * MIB
        ? Optional.of(
            "The group takes %d MiB of disk (its containers %d MiB, its empty folders %d MiB), more than its ephemeral storage of %d MiB"
                .formatted(mib(held + written), mib(written), mib(held), spec.ephemeralMib()))
        : Optional.empty();
  }

  private static long mib(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }
}
