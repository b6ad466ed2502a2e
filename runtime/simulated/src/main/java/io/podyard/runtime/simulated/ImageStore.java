package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.pod.ImageView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The images of one simulated host, and the fetches of its groups; its host's lock guards it. */
final class ImageStore {

  private static final Duration CONNECT = Duration.ofMillis(20);
  private static final Duration PER_MIB = Duration.ofMillis(2);

  private record Key(ContainerGroupId group, String image) {}

  /**
   * Where a fetch has its bytes from.
   *
   * @param usual how long it usually takes
   * @param registryBytes what is asked of the registry
   * @param cache the key of the cache that has the others, empty if none has
   * @param asksRegistry whether the registry hears of it at all
   */
  record Source(Duration usual, long registryBytes, String cache, boolean asksRegistry) {}

  /**
   * @param failed null while under way
   */
  private record Fetch(
      int retry, Instant begun, Duration takes, Source source, ImageView.@Nullable Failed failed) {}

  private final Set<String> present = new HashSet<>();
  private final Map<InstallationId, Set<String>> committed = new HashMap<>();
  private final Map<Key, Fetch> fetches = new HashMap<>();
  private final Map<Key, ImageView.Present> fetched = new HashMap<>();

  ImageView view(ContainerGroupId group, String image, Instant now) {
    Fetch fetch = fetches.get(new Key(group, image));
    if (fetch == null) {
      return present.contains(image)
          ? fetched.getOrDefault(new Key(group, image), new SimulatedImage(image).unfetched())
          : new ImageView.Absent();
    }
    if (fetch.failed() != null) {
      return fetch.failed();
    }
    long total = new SimulatedImage(image).bytes();
    long all = Math.max(1, fetch.takes().toMillis());
    long passed = Math.min(all, Duration.between(fetch.begun(), now).toMillis());
    return new ImageView.Pulling(
        total * passed / all, total, fetch.source().registryBytes() * passed / all);
  }

  /** The whole image comes from its registry, unless the host has it. */
  Source registry(String image) {
    SimulatedImage simulated = new SimulatedImage(image);
    return new Source(
        CONNECT.plus(PER_MIB.multipliedBy(simulated.mib())),
        present.contains(image) ? 0 : simulated.bytes(),
        "",
        true);
  }

  /**
   * Begins a fetch unless it is under way or failed already.
   *
   * @return how long it takes; empty if there is nothing to begin
   */
  Optional<Duration> begin(
      ContainerGroupId group, String image, int retry, Source source, double factor, Instant now) {
    Key key = new Key(group, image);
    Fetch fetch = fetches.get(key);
    if (fetch != null && (fetch.failed() == null || fetch.retry() >= retry)) {
      return Optional.empty();
    }
    Duration takes = Duration.ofNanos((long) (source.usual().toNanos() * factor));
    fetches.put(key, new Fetch(retry, now, takes, source, null));
    return Optional.of(takes);
  }

  /**
   * Ends a fetch.
   *
   * @param fault why it failed, null if it did not
   * @return whether that fetch was still wanted
   */
  boolean end(
      ContainerGroupId group, String image, int retry, FaultPlan.@Nullable PullFault fault) {
    Key key = new Key(group, image);
    Fetch fetch = fetches.get(key);
    if (fetch == null || fetch.retry() != retry || fetch.failed() != null) {
      return false;
    }
    if (fault == null) {
      fetches.remove(key);
      present.add(image);
      fetched.put(
          key,
          new ImageView.Present(
              new SimulatedImage(image).bytes(),
              fetch.source().registryBytes(),
              fetch.source().cache()));
    } else {
      ImageView.Failed failed =
          new ImageView.Failed(fault.reason(), fault.message(), fault.retryAfterSeconds());
      fetches.put(key, new Fetch(retry, fetch.begun(), fetch.takes(), fetch.source(), failed));
    }
    return true;
  }

  void forget(ContainerGroupId group) {
    fetches.keySet().removeIf(key -> key.group().equals(group));
    fetched.keySet().removeIf(key -> key.group().equals(group));
  }

  void commit(InstallationId installation, String task) {
    committed.computeIfAbsent(installation, _ -> new HashSet<>()).add(task);
  }

  void removeCommitted(InstallationId installation, String task) {
    Set<String> tasks = committed.get(installation);
    if (tasks != null && tasks.remove(task) && tasks.isEmpty()) {
      committed.remove(installation);
    }
  }

  Set<String> committed(InstallationId installation) {
    return Set.copyOf(committed.getOrDefault(installation, Set.of()));
  }

  void push(InstallationId installation, String task, String image) throws ImageNotPushedException {
    if (!committed(installation).contains(task)) {
      throw new ImageNotPushedException("the host has no image of task " + task);
    }
    FaultPlan.PullFault fault = new ImageTraits(image).pullFault(Integer.MAX_VALUE).orElse(null);
    if (fault != null) {
      throw new ImageNotPushedException(fault.message());
    }
    present.add(image);
  }

  Set<String> present() {
    return Set.copyOf(present);
  }
}
