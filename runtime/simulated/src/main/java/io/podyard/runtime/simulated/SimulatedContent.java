package io.podyard.runtime.simulated;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.HeldLayer;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The content that the hosts of a world keep for image caches, each part once for all of them: what
 * one host holds, or is just fetching, no other asks its registry for.
 */
final class SimulatedContent {

  private record Holder(InstallationId installation, HostId host, String cache) {}

  /** A part, who keeps it, and when it is whole. */
  private static final class Part {
    final Set<Holder> holders = new HashSet<>(2);
    Instant wholeAt;

    Part(Instant wholeAt) {
      this.wholeAt = wholeAt;
    }
  }

  private final Map<String, Part> parts = new HashMap<>();

  /** The bytes of an image that nobody keeps. */
  synchronized long missing(Collection<HeldLayer> layers) {
    return layers.stream()
        .filter(layer -> !parts.containsKey(layer.digest()))
        .mapToLong(HeldLayer::bytes)
        .sum();
  }

  /** When all of what is kept of an image is whole; what nobody keeps does not count. */
  synchronized Instant wholeAt(Collection<HeldLayer> layers, Instant now) {
    return layers.stream()
        .map(layer -> parts.get(layer.digest()))
        .filter(Objects::nonNull)
        .map(part -> part.wholeAt)
        .filter(at -> at.isAfter(now))
        .max(Instant::compareTo)
        .orElse(now);
  }

  /**
   * Keeps an image for a cache of a host.
   *
   * @param wholeAt when the parts that nobody kept are there
   */
  synchronized void keep(
      InstallationId installation,
      HostId host,
      String cache,
      Collection<HeldLayer> layers,
      Instant wholeAt) {
    for (HeldLayer layer : layers) {
      parts
          .computeIfAbsent(layer.digest(), _ -> new Part(wholeAt))
          .holders
          .add(new Holder(installation, host, cache));
    }
  }

  /** What nobody keeps any more is gone. */
  synchronized void release(InstallationId installation, HostId host, String cache) {
    Holder holder = new Holder(installation, host, cache);
    parts
        .entrySet()
        .removeIf(
            entry -> entry.getValue().holders.remove(holder) && entry.getValue().holders.isEmpty());
  }
}
