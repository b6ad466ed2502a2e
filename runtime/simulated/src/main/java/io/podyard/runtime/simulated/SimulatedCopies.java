package io.podyard.runtime.simulated;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.simulated.SimulatedHoldings.Way;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one simulated host holds for image caches; its host's lock guards it. */
final class SimulatedCopies {

  private static final Duration FROM_REGISTRY_PER_MIB = Duration.ofMillis(2);
  private static final Duration FROM_STORE_PER_MIB = Duration.ofNanos(100_000);
  private static final int MIB = 1024 * 1024;

  /**
   * One image of a cache.
   *
   * @param tries fetches of it that failed before
   * @param fault why it fails in the end, null if it does not
   */
  private record Copy(
      SimulatedImage image,
      Way way,
      long registryBytes,
      int tries,
      FaultPlan.@Nullable PullFault fault) {

    boolean there(Instant now) {
      return fault == null && way.over(now);
    }

    boolean failed(Instant now) {
      return fault != null && way.over(now);
    }

    long bytes(Instant now) {
      return fault == null ? way.part(image.bytes(), now) : 0;
    }
  }

  private final HostId host;
  private final SimulatedContent content;
  private final SimulatedHoldings<Map<String, Copy>> caches = new SimulatedHoldings<>();

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
        caches.find(installation, cache).orElseGet(() -> new LinkedHashMap<>());
    caches.put(installation, cache, copies);
    for (String name : images) {
      Copy before = copies.get(name);
      if (before == null || before.failed(now)) {
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
    Duration takes = SimulatedHoldings.times(usual(image, missing), factor);
    if (fault == null) {
      Duration others = Duration.between(now, content.wholeAt(image.layers(), now));
      takes = others.compareTo(takes) > 0 ? others : takes;
      content.keep(installation, host, cache, image.layers(), now.plus(takes));
    }
    return new Copy(image, new Way(now, takes), missing, tries, fault);
  }

  /** The time it takes to have an image where its content, or some of it, is kept nearby. */
  static Duration usual(SimulatedImage image, long missing) {
    return SimulatedHoldings.CONNECT
        .plus(FROM_REGISTRY_PER_MIB.multipliedBy(missing / MIB))
        .plus(FROM_STORE_PER_MIB.multipliedBy(image.mib()));
  }

  /** How far it is; empty if nothing is known of the cache. */
  Optional<CopyState> state(
      InstallationId installation, String cache, List<String> images, Instant now) {
    Map<String, Copy> copies = caches.find(installation, cache).orElse(null);
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
      FaultPlan.PullFault fault = copy.fault();
      if (fault != null && copy.failed(now) && failure == null) {
        failure = new CopyState.Failure(fault.reason(), fault.message(), fault.retryAfterSeconds());
      }
    }
    boolean all = held.size() == images.size();
    return Optional.of(new CopyState(bytes, total, registry, all ? held : null, failure));
  }

  void release(InstallationId installation, String cache) {
    caches.remove(installation, cache);
    content.release(installation, host, cache);
  }

  /** The caches of which anything is there, or on its way. */
  Set<String> held(InstallationId installation) {
    return caches
        .of(installation, copies -> copies.values().stream().anyMatch(copy -> copy.fault() == null))
        .keySet();
  }

  /** The images that are there whole. */
  Stream<SimulatedImage> images(Instant now) {
    return caches
        .all()
        .flatMap(copies -> copies.values().stream())
        .filter(copy -> copy.there(now))
        .map(Copy::image);
  }

  boolean has(String digest, Instant now) {
    return images(now).anyMatch(image -> image.digest().equals(digest));
  }
}
