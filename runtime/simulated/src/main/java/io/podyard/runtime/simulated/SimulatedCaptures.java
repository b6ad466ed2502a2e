package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The captures of one simulated host, in whose networks a packet that passes the filter comes every
 * tenth of a second, a thousand of them at most; its host's lock guards it.
 */
final class SimulatedCaptures {

  private static final Duration BETWEEN_PACKETS = Duration.ofMillis(100);
  private static final int MOST_PACKETS = 1000;
  private static final Set<String> DEVICES = Set.of("eth0", "lo", "any");

  private record Key(InstallationId installation, String task) {}

  /**
   * @param ended when it was told to end, null if it was not
   */
  private record Capture(
      ContainerGroupId group, CaptureFilter filter, Instant begun, @Nullable Instant ended) {

    boolean refused() {
      return !DEVICES.contains(filter.device());
    }

    /** How many packets there would be if nobody had ended it. */
    private int packets(Instant now) {
      Instant until = ended == null ? now : ended;
      long came = 1 + Duration.between(begun, until).dividedBy(BETWEEN_PACKETS);
      return (int) Math.clamp(came, 0, most());
    }

    private int most() {
      int most = filter.packets() == 0 ? MOST_PACKETS : Math.min(filter.packets(), MOST_PACKETS);
      return Math.min(most, SimulatedPackets.fitting(filter));
    }

    CaptureState state(Instant now) {
      if (refused()) {
        return new CaptureState.Ended(
            false, "tcpdump: " + filter.device() + ": No such device exists");
      }
      boolean full = packets(now) == most() && most() < MOST_PACKETS;
      return ended != null || full ? new CaptureState.Ended(true, "") : new CaptureState.Running();
    }

    Capture end(Instant now) {
      return ended == null ? new Capture(group, filter, begun, now) : this;
    }
  }

  private final Map<Key, Capture> captures = new HashMap<>(4);

  void begin(
      InstallationId installation,
      ContainerGroupId group,
      String task,
      CaptureFilter filter,
      Instant now) {
    captures.putIfAbsent(new Key(installation, task), new Capture(group, filter, now, null));
  }

  Optional<CaptureState> state(InstallationId installation, String task, Instant now) {
    return Optional.ofNullable(captures.get(new Key(installation, task)))
        .map(capture -> capture.state(now));
  }

  void end(InstallationId installation, String task, Instant now) {
    captures.computeIfPresent(new Key(installation, task), (_, capture) -> capture.end(now));
  }

  byte[] read(InstallationId installation, String task, Instant now)
      throws CaptureRefusedException {
    Capture capture = captures.get(new Key(installation, task));
    if (capture == null || capture.refused()) {
      throw new CaptureRefusedException("there is no capture that could be read");
    }
    return SimulatedPackets.file(
        capture.filter(), capture.begun(), BETWEEN_PACKETS, capture.packets(now));
  }

  void remove(InstallationId installation, String task) {
    captures.remove(new Key(installation, task));
  }

  /** Of a group whose sandbox goes. */
  void forget(InstallationId installation, ContainerGroupId group) {
    captures
        .entrySet()
        .removeIf(
            capture ->
                capture.getKey().installation().equals(installation)
                    && capture.getValue().group().equals(group));
  }

  Set<String> tasks(InstallationId installation) {
    return captures.keySet().stream()
        .filter(key -> key.installation().equals(installation))
        .map(Key::task)
        .collect(Collectors.toUnmodifiableSet());
  }
}
