package io.podyard.runtime.simulated;

import io.podyard.model.InstallationId;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.simulated.SimulatedHoldings.Way;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What one simulated host holds for data caches; its host's lock guards it. */
final class SimulatedData {

  private static final Duration READ_PER_MIB = Duration.ofMillis(2);
  private static final Duration COPY_PER_MIB = Duration.ofNanos(200_000);
  private static final int MIB = 1024 * 1024;

  /** What is held, or on its way. */
  private record Copy(HeldData data, Way reading, Way copying) {

    boolean there(Instant now) {
      return copying.over(now);
    }

    DataState state(Instant now) {
      long read = reading.takes().isZero() ? 0 : reading.part(data.bytes(), now);
      long onHost = copying.part(data.bytes(), now);
      return new DataState(read, onHost, data.bytes(), there(now) ? data : null, null);
    }
  }

  private final SimulatedHoldings<Copy> copies = new SimulatedHoldings<>();

  /**
   * Begins with what is not there and not on its way.
   *
   * @param factor on the usual time
   * @return why it cannot be had; empty if it can
   */
  Optional<DataState.Failure> begin(
      InstallationId installation, Call.HoldData call, double factor, Instant now) {
    if (copies.find(installation, call.cache()).isPresent()) {
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
          known == null
              ? SimulatedHoldings.CONNECT.plus(READ_PER_MIB.multipliedBy(mib))
              : Duration.ZERO;
      Duration copying = SimulatedHoldings.CONNECT.plus(COPY_PER_MIB.multipliedBy(mib));
      Way read = new Way(now, SimulatedHoldings.times(reading, factor));
      copies.put(
          installation,
          call.cache(),
          new Copy(data, read, new Way(read.end(), SimulatedHoldings.times(copying, factor))));
    }
    return failure;
  }

  /** How far it is; empty if nothing is known of the cache. */
  Optional<DataState> state(InstallationId installation, String cache, Instant now) {
    return copies.find(installation, cache).map(copy -> copy.state(now));
  }

  void release(InstallationId installation, String cache) {
    copies.remove(installation, cache);
  }

  /** The digests of what is there whole, by the caches that it is held for. */
  Map<String, String> held(InstallationId installation, Instant now) {
    Map<String, String> held = new TreeMap<>();
    copies
        .of(installation, copy -> copy.there(now))
        .forEach((cache, copy) -> held.put(cache, copy.data().digest()));
    return held;
  }
}
