package io.podyard.runtime.simulated;

import io.podyard.model.InstallationId;
import io.podyard.runtime.HeldData;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What one simulated host holds for data caches; its host's lock guards it. */
final class SimulatedData {

  private static final Duration CONNECT = Duration.ofMillis(20);
  private static final Duration READ_PER_MIB = Duration.ofMillis(2);
  private static final Duration COPY_PER_MIB = Duration.ofNanos(200_000);
  private static final int MIB = 1024 * 1024;

  private record Key(InstallationId installation, String cache) {}

  /** What is held, or on its way. */
  private record Copy(HeldData data, Instant begun, Duration reading, Duration copying) {

    boolean there(Instant now) {
      return !now.isBefore(begun.plus(reading).plus(copying));
    }

    DataState state(Instant now) {
      long read = reading.isZero() ? 0 : part(now, begun, reading);
      long onHost = part(now, begun.plus(reading), copying);
      return new DataState(read, onHost, data.bytes(), there(now) ? data : null, null);
    }

    private long part(Instant now, Instant from, Duration takes) {
      long all = Math.max(1, takes.toNanos());
      long passed = Math.clamp(Duration.between(from, now).toNanos(), 0, all);
      return passed == all ? data.bytes() : (long) (data.bytes() * ((double) passed / all));
    }
  }

  private final Map<Key, Copy> copies = new HashMap<>(2);

  /**
   * Begins with what is not there and not on its way.
   *
   * @param factor on the usual time
   * @return why it cannot be had; empty if it can
   */
  Optional<DataState.Failure> begin(
      InstallationId installation, Call.HoldData call, double factor, Instant now) {
    Key key = new Key(installation, call.cache());
    if (copies.containsKey(key)) {
      return Optional.empty();
    }
    HeldData known = call.known();
    SimulatedSource source = new SimulatedSource(call.source());
    Optional<DataState.Failure> failure =
        known == null ? source.failure(call.mostBytes()) : Optional.empty();
    if (failure.isEmpty()) {
      HeldData data = known == null ? source.content() : known;
      long mib = data.bytes() / MIB;
      Duration reading =
          known == null ? CONNECT.plus(READ_PER_MIB.multipliedBy(mib)) : Duration.ZERO;
      copies.put(
          key,
          new Copy(
              data,
              now,
              times(reading, factor),
              times(CONNECT.plus(COPY_PER_MIB.multipliedBy(mib)), factor)));
    }
    return failure;
  }

  private static Duration times(Duration usual, double factor) {
    return Duration.ofNanos((long) (usual.toNanos() * factor));
  }

  /** How far it is; empty if nothing is known of the cache. */
  Optional<DataState> state(InstallationId installation, String cache, Instant now) {
    return Optional.ofNullable(copies.get(new Key(installation, cache))).map(c -> c.state(now));
  }

  void release(InstallationId installation, String cache) {
    copies.remove(new Key(installation, cache));
  }

  /** The digests of what is there whole, by the caches that it is held for. */
  Map<String, String> held(InstallationId installation, Instant now) {
    Map<String, String> held = new TreeMap<>();
    copies.forEach(
        (key, copy) -> {
          if (key.installation().equals(installation) && copy.there(now)) {
            held.put(key.cache(), copy.data().digest());
          }
        });
    return held;
  }
}
