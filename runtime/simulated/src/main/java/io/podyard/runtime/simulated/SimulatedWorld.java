package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** All simulated hosts of a process. They live as long as this object does. */
public final class SimulatedWorld {

  /** The last number of an address is never 0 nor 255. */
  private static final int ADDRESSES_PER_NET = 254;

  private final SimulatedTime time;
  private final long seed;
  private final Map<HostId, SimulatedEngine> hosts = new ConcurrentSkipListMap<>();
  private final Map<InstallationId, List<BiConsumer<HostId, ContainerGroupId>>> watchers =
      new ConcurrentHashMap<>();
  private final SimulatedContent content = new SimulatedContent();
  private final AtomicInteger addresses = new AtomicInteger();
  private volatile Faults faults;

  /**
   * @param seed of all delays; the same seed and the same calls give the same delays
   */
  public SimulatedWorld(SimulatedTime time, long seed) {
    this.time = time;
    this.seed = seed;
    faults = new Faults(FaultPlan.NONE, time.instant());
  }

  /**
   * Sees to it that there are at least that many hosts, named {@code sim-0001} and so on. Hosts
   * that are there already keep their size.
   *
   * @param count 0 to 100,000
   * @throws IllegalArgumentException if the count is out of range
   */
  public void ensureHosts(int count, Size size) {
    ensureHosts(count, size, HostGpus.NONE, List.of(SimulatedEngine.USUAL_ARCHITECTURE));
  }

  /**
   * The same with GPUs.
   *
   * @param architectures that the hosts have in turn
   * @throws IllegalArgumentException if the count is out of range
   */
  synchronized void ensureHosts(int count, Size size, HostGpus gpus, List<String> architectures) {
    if (count < 0 || count > 100_000) {
      throw new IllegalArgumentException("0 to 100000 hosts can be simulated, not " + count);
    }
    for (int i = hosts.size() + 1; i <= count; i++) {
      HostId id = new HostId("sim-%04d".formatted(i));
      String architecture = architectures.get((i - 1) % architectures.size());
      hosts.put(id, new SimulatedEngine(this, id, size, architecture, gpus, seed + i));
    }
  }

  /** In the order of their ids. */
  public List<HostId> hosts() {
    return List.copyOf(hosts.keySet());
  }

  public Optional<SimulatedEngine> engine(HostId host) {
    return Optional.ofNullable(hosts.get(host));
  }

  /**
   * Of each host that answers, in the order of their ids, a number that is another one whenever
   * something may have changed of what it has, also after a new start.
   */
  public Map<HostId, Long> revisions() {
    Map<HostId, Long> revisions = new LinkedHashMap<>();
    hosts.forEach(
        (id, engine) -> {
          if (!faults.unreachable(id, time.instant())) {
            revisions.put(id, engine.revision());
          }
        });
    return revisions;
  }

  /** Replaces the fault plan. */
  public void configure(FaultPlan plan) {
    faults = new Faults(plan, time.instant());
  }

  /** Calls back, on any thread, when something changed on any host of the installation. */
  AutoCloseable watch(InstallationId installation, BiConsumer<HostId, ContainerGroupId> changed) {
    List<BiConsumer<HostId, ContainerGroupId>> all =
        watchers.computeIfAbsent(installation, _ -> new CopyOnWriteArrayList<>());
    all.add(changed);
    return () -> all.remove(changed);
  }

  void changed(InstallationId installation, HostId host, ContainerGroupId group) {
    watchers.getOrDefault(installation, List.of()).forEach(w -> w.accept(host, group));
  }

  /** Each sandbox gets an address of its own; they begin anew only after 16 million. */
  String nextAddress() {
    int number = addresses.incrementAndGet();
    return "10.%d.%d.%d"
        .formatted(
            number / ADDRESSES_PER_NET / 256 % 256,
            number / ADDRESSES_PER_NET % 256,
            1 + number % ADDRESSES_PER_NET);
  }

  SimulatedTime time() {
    return time;
  }

  SimulatedContent content() {
    return content;
  }

  Faults faults() {
    return faults;
  }
}
