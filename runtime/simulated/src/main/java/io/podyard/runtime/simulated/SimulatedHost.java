package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerRefusedException;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.SandboxView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is on one simulated host, and what happens there with time. All state is guarded by this
 * object's lock; nobody is called back while it is held.
 */
final class SimulatedHost {

  private static final Duration SANDBOX = Duration.ofMillis(30);
  private static final Duration START = Duration.ofMillis(20);
  private static final Duration STOP = Duration.ofMillis(10);
  private static final int TERMINATED = 143;
  private static final int KILLED = 137;

  private record Key(InstallationId installation, ContainerGroupId group) {}

  private record Sandbox(String engineId, String ip, long epoch, Instant readyAt) {}

  /** What there is of one group; also while only logs are left. */
  private static final class Group {
    @Nullable Sandbox sandbox;
    final Map<ContainerName, SimulatedContainer> containers = new HashMap<>(4);
    final Map<ContainerName, LogBook> keptLogs = new HashMap<>(2);

    boolean empty() {
      return sandbox == null && containers.isEmpty();
    }
  }

  private final SimulatedWorld world;
  private final HostId id;
  private final SplittableRandom random;
  private final String idPrefix;
  private long made;
  private final Map<Key, Group> groups = new HashMap<>(4);
  private final Map<String, SimulatedContainer> byId = new HashMap<>(4);
  private final ImageStore images = new ImageStore();
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  private record Watcher(InstallationId installation, Consumer<ContainerGroupId> changed) {}

  SimulatedHost(SimulatedWorld world, HostId id, long seed) {
    this.world = world;
    this.id = id;
    random = new SplittableRandom(seed);
    // An id of an earlier life of this process must never name a container of this one.
    idPrefix = id + "-" + Long.toString(world.time().millis(), Character.MAX_RADIX) + "-";
  }

  void reach() throws RuntimeUnavailableException {
    if (world.faults().unreachable(id, now())) {
      throw new RuntimeUnavailableException("host " + id + " does not answer (fault plan)");
    }
  }

  private Instant now() {
    return world.time().instant();
  }

  private Duration delay(Duration usual, double factor) {
    return Duration.ofNanos((long) (usual.toNanos() * factor * (0.5 + random.nextDouble())));
  }

  /** Does something that was drawn to take so long; without delay at once. */
  private void after(Duration delay, Runnable task) {
    if (delay.isZero()) {
      task.run();
    } else {
      world.time().after(delay, task);
    }
  }

  private String newId() {
    return idPrefix + made++;
  }

  synchronized EngineView view(InstallationId installation, ContainerGroupId group) {
    Group here = groups.get(new Key(installation, group));
    Instant now = now();
    if (here == null) {
      return new EngineView(List.of(), List.of(), now);
    }
    List<SandboxView> sandboxes = new ArrayList<>(1);
    Sandbox sandbox = here.sandbox;
    if (sandbox != null) {
      boolean ready = !now.isBefore(sandbox.readyAt());
      sandboxes.add(
          new SandboxView(
              sandbox.engineId(), ready, ready ? sandbox.ip() : "", sandbox.epoch()));
    }
    List<ContainerView> containers =
        here.containers.values().stream()
            .map(SimulatedContainer::view)
            .sorted(
                Comparator.comparing(ContainerView::container)
                    .thenComparing(ContainerView::attempt))
            .toList();
    return new EngineView(sandboxes, containers, now);
  }

  synchronized List<ContainerGroupId> groups(InstallationId installation) {
    return groups.entrySet().stream()
        .filter(e -> e.getKey().installation().equals(installation) && !e.getValue().empty())
        .map(e -> e.getKey().group())
        .sorted()
        .toList();
  }

  synchronized ImageView image(ContainerGroupId group, String image) {
    return images.view(group, image, now());
  }

  Duration createSandbox(InstallationId installation, ContainerGroupId group, long epoch) {
    Key key = new Key(installation, group);
    Duration delay;
    synchronized (this) {
      Group here = groups.computeIfAbsent(key, _ -> new Group());
      Sandbox there = here.sandbox;
      if (there != null) {
        Duration left = Duration.between(now(), there.readyAt());
        return left.isNegative() ? Duration.ZERO : left;
      }
      delay = delay(SANDBOX, world.faults().latency().sandbox());
      long number = made;
      String ip = "10.%d.%d.%d".formatted(number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff);
      here.sandbox = new Sandbox(newId(), ip, epoch, now().plus(delay));
    }
    after(delay, () -> changed(installation, group));
    return delay;
  }

  void beginPull(ContainerGroupId group, String image, int retry) {
    ImageTraits traits = new ImageTraits(image);
    Faults faults = world.faults();
    Optional<Duration> takes;
    synchronized (this) {
      double factor =
          faults.latency().pull() * traits.pullFactor() * (0.5 + random.nextDouble());
      takes = images.begin(group, image, retry, factor, now());
    }
    if (takes.isPresent()) {
      Optional<FaultPlan.PullFault> fault =
          faults.pull(image).or(() -> traits.pullFault(retry));
      after(takes.get(), () -> endPull(group, image, retry, fault.orElse(null)));
    }
  }

  private void endPull(
      ContainerGroupId group, String image, int retry, FaultPlan.@Nullable PullFault fault) {
    List<InstallationId> installations;
    synchronized (this) {
      if (!images.end(group, image, retry, fault)) {
        return;
      }
      installations =
          groups.keySet().stream()
              .filter(key -> key.group().equals(group))
              .map(Key::installation)
              .toList();
    }
    installations.forEach(i -> changed(i, group));
  }

  void createContainer(ContainerName name, String image, List<String> command, long epoch)
      throws RuntimeUnavailableException, ContainerRefusedException {
    synchronized (this) {
      Group here = groups.get(new Key(name.installation(), name.group()));
      if (here != null && here.containers.containsKey(name)) {
        return;
      }
      if (here == null || here.sandbox == null) {
        throw new ContainerRefusedException(
            "CreateContainerError", "there is no sandbox for " + name);
      }
    }
    Optional<FaultPlan.StartFault> fault = world.faults().create(image);
    if (fault.isPresent()) {
      throw new ContainerRefusedException(fault.get().reason(), fault.get().message());
    }
    Optional<Duration> delay = world.faults().createDelay(image);
    if (delay.isPresent()) {
      world.time().after(delay.get(), () -> put(name, image, command, epoch));
      throw new RuntimeUnavailableException("no answer to the create of " + name);
    }
    put(name, image, command, epoch);
  }

  private void put(ContainerName name, String image, List<String> command, long epoch) {
    synchronized (this) {
      Group here =
          groups.computeIfAbsent(new Key(name.installation(), name.group()), _ -> new Group());
      if (here.containers.containsKey(name)) {
        return;
      }
      SimulatedContainer container =
          new SimulatedContainer(name, newId(), epoch, image, List.copyOf(command));
      here.containers.put(name, container);
      byId.put(container.engineId, container);
    }
    changed(name);
  }

  private void changed(ContainerName name) {
    changed(name.installation(), name.group());
  }

  private void changed(InstallationId installation, ContainerGroupId group) {
    world.changed(installation, id, group);
    for (Watcher watcher : watchers) {
      if (watcher.installation().equals(installation)) {
        watcher.changed().accept(group);
      }
    }
  }

  AutoCloseable watch(InstallationId installation, Consumer<ContainerGroupId> changed) {
    Watcher watcher = new Watcher(installation, changed);
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  Duration startContainer(String engineId) throws ContainerRefusedException {
    SimulatedContainer container;
    Duration delay;
    synchronized (this) {
      container = byId.get(engineId);
      if (container == null || !container.created() || container.starting) {
        return Duration.ZERO;
      }
      if (new ImageTraits(container.image).cannotRun()) {
        throw new ContainerRefusedException(
            "ContainerCannotRun", "refused, as the image name " + container.image + " says");
      }
      Optional<FaultPlan.StartFault> fault = world.faults().start(container.image);
      if (fault.isPresent()) {
        throw new ContainerRefusedException(fault.get().reason(), fault.get().message());
      }
      container.starting = true;
      delay = delay(START, world.faults().latency().start());
    }
    after(delay, () -> run(container));
    return delay;
  }

  private void run(SimulatedContainer container) {
    Program program =
        world
            .faults()
            .exit(container.image)
            .map(SimulatedHost::program)
            .orElseGet(() -> new ImageTraits(container.image).program(container.command));
    synchronized (this) {
      if (byId.get(container.engineId) != container) {
        return; // removed before it came to run
      }
      container.run(program, now());
    }
    changed(container.name);
    Duration duration = program.duration();
    if (duration != null) {
      after(duration, () -> exit(container, program.exitCode(), program.oomKilled()));
    }
  }

  private static Program program(FaultPlan.ExitFault fault) {
    int code = fault.oomKilled() ? KILLED : fault.exitCode();
    return Program.ending(
        Duration.ofMillis(fault.afterMillis()),
        code,
        fault.oomKilled(),
        "ending with " + code + ", as the fault plan says");
  }

  private void exit(SimulatedContainer container, int exitCode, boolean oomKilled) {
    boolean ended;
    synchronized (this) {
      ended = container.exit(exitCode, oomKilled, now());
    }
    if (ended) {
      changed(container.name);
    }
  }

  void beginStop(String engineId, Duration grace) {
    SimulatedContainer container;
    Duration stop;
    synchronized (this) {
      container = byId.get(engineId);
      if (container == null || !container.running()) {
        return;
      }
      stop = delay(STOP, world.faults().latency().stop());
    }
    if (new ImageTraits(container.image).ignoresStop() || grace.compareTo(stop) < 0) {
      after(grace, () -> exit(container, KILLED, false));
    } else {
      after(stop, () -> exit(container, TERMINATED, false));
    }
  }

  void removeContainer(String engineId) {
    SimulatedContainer container;
    synchronized (this) {
      container = byId.remove(engineId);
      if (container == null) {
        return;
      }
      Key key = new Key(container.name.installation(), container.name.group());
      Group here = groups.get(key);
      if (here != null) {
        container.exit(KILLED, false, now());
        here.containers.remove(container.name);
        here.keptLogs.put(container.name, container.log(now()));
      }
    }
    changed(container.name);
  }

  void removeSandbox(InstallationId installation, ContainerGroupId group) {
    synchronized (this) {
      images.forget(group);
      Key key = new Key(installation, group);
      Group here = groups.get(key);
      if (here == null) {
        return;
      }
      here.sandbox = null;
      dropIfNothingLeft(key, here);
    }
    changed(installation, group);
  }

  synchronized void forgetLogs(InstallationId installation, ContainerGroupId group) {
    Key key = new Key(installation, group);
    Group here = groups.get(key);
    if (here != null) {
      here.keptLogs.clear();
      dropIfNothingLeft(key, here);
    }
  }

  private void dropIfNothingLeft(Key key, Group here) {
    if (here.empty() && here.keptLogs.isEmpty()) {
      groups.remove(key);
    }
  }

  synchronized List<Integer> loggedAttempts(
      InstallationId installation, ContainerGroupId group, String container) {
    Group here = groups.get(new Key(installation, group));
    return here == null
        ? List.of()
        : Stream.concat(here.containers.keySet().stream(), here.keptLogs.keySet().stream())
            .filter(name -> name.container().equals(container))
            .map(ContainerName::attempt)
            .distinct()
            .sorted()
            .toList();
  }

  synchronized LogBook log(ContainerName name) throws NoSuchContainerException {
    Group here = groups.get(new Key(name.installation(), name.group()));
    SimulatedContainer container = here == null ? null : here.containers.get(name);
    if (container != null) {
      return container.log(now());
    }
    LogBook kept = here == null ? null : here.keptLogs.get(name);
    if (kept == null) {
      throw new NoSuchContainerException("nothing is known of container " + name);
    }
    return kept;
  }

  synchronized void mustRun(String engineId) throws NoSuchContainerException {
    SimulatedContainer container = byId.get(engineId);
    if (container == null || !container.running()) {
      throw new NoSuchContainerException("container " + engineId + " does not run");
    }
  }
}
