package io.podyard.runtime.pod;

import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a group takes of its host's disk, as far as it was measured. Logs are not in it: they are
 * bounded where they are written.
 *
 * @param volumes bytes by volume: of empty folders on disk, and of what was written over data
 *     caches; {@link Long#MAX_VALUE} of one that nests folders too deep to be measured
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
        .or(() -> exceedingOverData(spec))
        .or(() -> exceedingInAll(spec));
  }

  /** What is written over a data cache is on a disk of its own, however often it is mounted. */
  private Optional<String> exceedingOverData(GroupSpec spec) {
    return data(spec).flatMap(data -> exceeding(spec, data).stream()).findFirst();
  }

  private Optional<String> exceeding(GroupSpec spec, VolumeSpec.DataCache data) {
    Integer limit = data.diskMib();
    long bytes =
        data(spec)
            .filter(other -> other.cache().equals(data.cache()))
            .mapToLong(other -> volumes.getOrDefault(other.name(), 0L))
            .reduce(0, DiskUsage::sum);
    if (bytes == Long.MAX_VALUE) {
      return Optional.of(
          "What the group wrote over data cache %s nests folders too deep to be measured"
              .formatted(data.cache()));
    }
    return limit != null && bytes > limit * MIB
        ? Optional.of(
            "The group wrote %d MiB over data cache %s, more than the %d MiB of its disk"
                .formatted(mib(bytes), data.cache(), limit))
        : Optional.empty();
  }

  private static Stream<VolumeSpec.DataCache> data(GroupSpec spec) {
    return spec.volumes().stream()
        .filter(VolumeSpec.DataCache.class::isInstance)
        .map(VolumeSpec.DataCache.class::cast)
        .filter(VolumeSpec.DataCache::takesDisk);
  }

  private static long sum(long one, long other) {
    return Math.max(one, other) == Long.MAX_VALUE ? Long.MAX_VALUE : one + other;
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
    Map<String, Long> folders = new HashMap<>(volumes);
    data(spec).map(VolumeSpec.DataCache::name).forEach(folders::remove);
    Optional<String> tooDeep =
        folders.entrySet().stream()
            .filter(volume -> volume.getValue() == Long.MAX_VALUE)
            .map(Map.Entry::getKey)
            .sorted()
            .findFirst();
    if (tooDeep.isPresent()) {
      return Optional.of(
          "Volume %s nests folders too deep to be measured".formatted(tooDeep.get()));
    }
    long held = folders.values().stream().mapToLong(Long::longValue).sum();
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
