package io.podyard.runtime.simulated;

import io.podyard.model.InstallationId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What one simulated host holds for caches of installations, and how long it takes to get there;
 * its host's lock guards it.
 *
 * @param <C> what is held for one cache
 */
final class SimulatedHoldings<C> {

  /** To reach whoever has it. */
  static final Duration CONNECT = Duration.ofMillis(20);

  private record Key(InstallationId installation, String cache) {}

  /** A time that something takes. */
  record Way(Instant from, Duration takes) {

    Instant end() {
      return from.plus(takes);
    }

    boolean over(Instant now) {
      return !now.isBefore(end());
    }

    /** How much of so many bytes is there. */
    long part(long bytes, Instant now) {
      long all = Math.max(1, takes.toNanos());
      long passed = Math.clamp(Duration.between(from, now).toNanos(), 0, all);
      return over(now) ? bytes : (long) (bytes * ((double) passed / all));
    }
  }

  private final Map<Key, C> held = new HashMap<>(2);

  /**
   * @param factor on the usual time
   */
  static Duration times(Duration usual, double factor) {
    return Duration.ofNanos((long) (usual.toNanos() * factor));
  }

  Optional<C> find(InstallationId installation, String cache) {
    return Optional.ofNullable(held.get(new Key(installation, cache)));
  }

  void put(InstallationId installation, String cache, C content) {
    held.put(new Key(installation, cache), content);
  }

  void remove(InstallationId installation, String cache) {
    held.remove(new Key(installation, cache));
  }

  Stream<C> all() {
    return held.values().stream();
  }

  /** What is held for an installation, by cache, as far as it passes. */
  Map<String, C> of(InstallationId installation, Predicate<C> passes) {
    Map<String, C> found = new TreeMap<>();
    held.forEach(
        (key, content) -> {
          if (key.installation().equals(installation) && passes.test(content)) {
            found.put(key.cache(), content);
          }
        });
    return found;
  }
}
