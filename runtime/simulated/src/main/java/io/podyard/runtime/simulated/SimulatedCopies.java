package io.podyard.runtime.simulated;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.HeldImage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one simulated host holds for image caches; its host's lock guards it. */
final class SimulatedCopies {

  private static final Duration CONNECT = Duration.ofMillis(20);
  private static final Duration FROM_REGISTRY_PER_MIB = Duration.ofMillis(2);
  private static final Duration FROM_STORE_PER_MIB = Duration.ofNanos(100_000);
  private static final int MIB = 1024 * 1024;

  private record Key(InstallationId installation, String cache) {}

  /**
   * One image of a cache.
   *
   * @param tries fetches of it that failed before
   * @param fault why it fails in the end, null if it does not
   */
  private record Copy(
      SimulatedImage image,
      Instant begun,
      Duration takes,
      long registryBytes,
      int tries,
      FaultPlan.@Nullable PullFault fault) {

    boolean over(Instant now) {
      return !now.isBefore(begun.plus(takes));
    }

    boolean there(Instant now) {
      return fault == null && over(now);
    }

    long bytes(Instant now) {
      if (fault != null) {
        return 0;
      }
      long all = Math.max(1, takes.toNanos());
      long passed = Math.clamp(Duration.between(begun, now).toNanos(), 0, all);
      return over(now) ? image.bytes() : (long) (image.bytes() * ((double) passed / all));
    }
  }

  private final HostId host;
  private final SimulatedContent content;
  private final Map<Key, Map<String, Copy>> caches = new HashMap<>(2);

  SimulatedCopies(HostId host, SimulatedContent content) {
    this.host = host;
    this.content = content;
  }

  /** Says whether a fetch of an image fails. */
  @FunctionalInterface
  interface Faulty {
    Optional<FaultPlan.PullFault> fault(String image, int tries);
  }

  /**
   * Begins with the images that are not there and not on their way.
   *
   * @param factor on the usual time
   */
  void begin(
      InstallationId installation,
      String cache,
      List<String> images,
      double factor,
      Faulty faults,
      Instant now) {
    Map<String, Copy> copies =
        caches.computeIfAbsent(new Key(installation, cache), _ -> new LinkedHashMap<>());
    for (String name : images) {
      Copy before = copies.get(name);
      if (before == null || (before.fault() != null && before.over(now))) {
        int tries = before == null ? 0 : before.tries() + 1;
        copies.put(name, copy(installation, cache, name, tries, factor, faults, now));
      }
    }
  }

  private Copy copy(
      InstallationId installation,
      String cache,
      String name,
      int tries,
      double factor,
      Faulty faults,
      Instant now) {
    SimulatedImage image = new SimulatedImage(name);
    FaultPlan.PullFault fault = faults.fault(name, tries).orElse(null);
    long missing = fault == null ? content.missing(image.layers()) : 0;
    Duration takes = times(usual(image, missing), factor);
    if (fault == null) {
      Duration others = Duration.between(now, content.wholeAt(image.layers(), now));
      takes = others.compareTo(takes) > 0 ? others : takes;
      content.keep(installation, host, cache, image.layers(), now.plus(takes));
    }
    return new Copy(image, now, takes, missing, tries, fault);
  }

  /** The time it takes to have an image where its content, or some of it, is kept nearby. */
  static Duration usual(SimulatedImage image, long missing) {
    return CONNECT
        .plus(FROM_REGISTRY_PER_MIB.multipliedBy(missing / MIB))
        .plus(FROM_STORE_PER_MIB.multipliedBy(image.mib()));
  }

  private static Duration times(Duration usual, double factor) {
    return Duration.ofNanos((long) (usual.toNanos() * factor));
  }

  /** How far it is; empty if nothing is known of the cache. */
  Optional<CopyState> state(
      InstallationId installation, String cache, List<String> images, Instant now) {
    Map<String, Copy> copies = caches.get(new Key(installation, cache));
    if (copies == null || !copies.keySet().containsAll(images)) {
      return Optional.empty();
    }
    long bytes = 0;
    long total = 0;
    long registry = 0;
    CopyState.Failure failure = null;
    List<HeldImage> held = new ArrayList<>();
    for (String name : images) {
      Copy copy = copies.get(name);
      if (copy == null) {
        return Optional.empty();
      }
      bytes += copy.bytes(now);
      total += copy.image().bytes();
      registry += Math.min(copy.registryBytes(), copy.bytes(now));
      if (copy.there(now)) {
        held.add(copy.image().held());
      }
      if (copy.fault() != null && copy.over(now) && failure == null) {
        FaultPlan.PullFault fault = copy.fault();
        failure = new CopyState.Failure(fault.reason(), fault.message(), fault.retryAfterSeconds());
      }
    }
    boolean all = held.size() == images.size();
    return Optional.of(new CopyState(bytes, total, registry, all ? held : null, failure));
  }

  void release(InstallationId installation, String cache) {
    caches.remove(new Key(installation, cache));
    content.release(installation, host, cache);
  }

  /** The caches of which anything is there, or on its way. */
  Set<String> held(InstallationId installation, Instant now) {
    return caches.entrySet().stream()
        .filter(entry -> entry.getKey().installation().equals(installation))
        .filter(
            entry ->
                entry.getValue().values().stream()
                    .anyMatch(copy -> copy.fault() == null || copy.there(now)))
        .map(entry -> entry.getKey().cache())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The images that are there whole. */
  Stream<SimulatedImage> images(Instant now) {
    return caches.values().stream()
        .flatMap(copies -> copies.values().stream())
        .filter(copy -> copy.there(now))
        .map(Copy::image);
  }

  boolean has(String digest, Instant now) {
    return images(now).anyMatch(image -> image.digest().equals(digest));
  }
}
