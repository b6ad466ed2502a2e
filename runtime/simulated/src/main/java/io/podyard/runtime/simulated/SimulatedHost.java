package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.HostImage;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerRefusedException;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.ImageView;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happens on one simulated host with time. All its state is guarded by this object's lock;
 * nobody is called back while it is held.
 */
final class SimulatedHost {

  private static final Duration SANDBOX = Duration.ofMillis(30);
  private static final Duration START = Duration.ofMillis(20);
  private static final Duration STOP = Duration.ofMillis(10);

  /** To find that an image is held. */
  private static final Duration HELD = Duration.ofMillis(2);

  /** The one program that shows the network of a group. */
  private static final List<String> INTERFACES = List.of("ip", "-4", "-o", "addr", "show", "eth0");

  /** No host changes so often that a later life of it comes to the numbers of this one. */
  private static final int REVISIONS_PER_MILLI_BITS = 20;

  private static final int TERMINATED = 143;
  private static final int KILLED = 137;

  private record Watcher(InstallationId installation, Consumer<ContainerGroupId> changed) {}

  private final SimulatedWorld world;
  private final HostId id;
  private final SplittableRandom random;
  private final long seed;
  private final String idPrefix;
  private long made;
  private final HostContents contents = new HostContents();
  private final ImageStore images = new ImageStore();
  private final SimulatedCopies copies;
  private final SimulatedData data = new SimulatedData();
  private final SimulatedCaptures captures = new SimulatedCaptures();
  private final SimulatedDisks disks = new SimulatedDisks();
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final AtomicLong revision;

  SimulatedHost(SimulatedWorld world, HostId id, long seed) {
    this.world = world;
    this.id = id;
    this.copies = new SimulatedCopies(id, world.content());
    this.seed = seed;
    random = new SplittableRandom(seed);
    revision = new AtomicLong(world.time().millis() << REVISIONS_PER_MILLI_BITS);
    // An id of an earlier life of this process must never name a container of this one.
    idPrefix = id + "-" + Long.toString(world.time().millis(), Character.MAX_RADIX) + "-";
  }

  void reach() throws RuntimeUnavailableException {
    if (world.faults().unreachable(id, now())) {
      throw new RuntimeUnavailableException("host " + id + " does not answer (fault plan)");
    }
  }

  /** Another number after each change of what is on the host. */
  long revision() {
    return revision.get();
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

  /** What is used comes of a seed of its own, so that nothing else is drawn otherwise for it. */
  private long seed(String group, String name, int attempt) {
    return seed
        ^ (31L * (31L * group.hashCode() + name.hashCode()) + attempt) * 0x9E3779B97F4A7C15L;
  }

  private String newId() {
    return idPrefix + made++;
  }

  // Looking

  synchronized EngineView view(InstallationId installation, ContainerGroupId group) {
    return contents.view(installation, group, now());
  }

  synchronized List<GroupStatistics> statistics(
      InstallationId installation, Collection<GroupLimits> groups) {
    Instant now = now();
    return groups.stream()
        .flatMap(limits -> contents.statistics(installation, limits, now).stream())
        .toList();
  }

  synchronized List<ContainerGroupId> groups(InstallationId installation) {
    return contents.groups(installation);
  }

  synchronized ImageView image(ContainerGroupId group, String image) {
    Instant now = now();
    ImageView view = images.view(group, image, now);
    SimulatedImage simulated = new SimulatedImage(image);
    return view instanceof ImageView.Absent && copies.has(simulated.digest(), now)
        ? simulated.unfetched()
        : view;
  }

  synchronized List<Integer> loggedAttempts(
      InstallationId installation, ContainerGroupId group, String container) {
    return contents.loggedAttempts(installation, group, container);
  }

  synchronized LogBook log(ContainerName name) throws NoSuchContainerException {
    return contents.log(name, now());
  }

  /** The name of a container that runs. */
  synchronized ContainerName running(String engineId) throws NoSuchContainerException {
    return contents
        .container(engineId)
        .filter(SimulatedContainer::running)
        .map(container -> container.name)
        .orElseThrow(() -> new NoSuchContainerException("container " + engineId + " does not run"));
  }

  synchronized boolean runs(ContainerName name) {
    return contents.container(name).filter(SimulatedContainer::running).isPresent();
  }

  /**
   * Calls back whenever something changed with the group of a container.
   *
   * @return ends that
   */
  Runnable watched(ContainerName name, Runnable changed) {
    Watcher watcher =
        new Watcher(
            name.installation(),
            group -> {
              if (group.equals(name.group())) {
                changed.run();
              }
            });
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  synchronized void commit(InstallationId installation, String engineId, String task)
      throws NoSuchContainerException {
    ContainerName _ = running(engineId);
    images.commit(installation, task);
  }

  synchronized void push(InstallationId installation, String task, String image)
      throws ImageNotPushedException {
    images.push(installation, task, image);
  }

  synchronized void removeCommitted(InstallationId installation, String task) {
    images.removeCommitted(installation, task);
  }

  synchronized Set<String> committed(InstallationId installation) {
    return images.committed(installation);
  }

  synchronized void beginCapture(
      InstallationId installation, ContainerGroupId group, String task, CaptureFilter filter)
      throws CaptureRefusedException {
    if (contents.sandbox(installation, group).isEmpty()) {
      throw new CaptureRefusedException("there is no sandbox of group " + group);
    }
    captures.begin(installation, group, task, filter, now());
  }

  synchronized Optional<CaptureState> capture(InstallationId installation, String task) {
    return captures.state(installation, task, now());
  }

  synchronized void endCapture(InstallationId installation, String task) {
    captures.end(installation, task, now());
  }

  synchronized byte[] readCapture(InstallationId installation, String task)
      throws CaptureRefusedException {
    return captures.read(installation, task, now());
  }

  synchronized void removeCapture(InstallationId installation, String task) {
    captures.remove(installation, task);
  }

  synchronized Set<String> captures(InstallationId installation) {
    return captures.tasks(installation);
  }

  synchronized byte[] coreDump(String engineId) throws CoreDumpMissingException {
    SimulatedContainer container = contents.container(engineId).orElse(null);
    if (container == null
        || !(container.view().status() instanceof ContainerView.Status.Exited exited)) {
      throw new CoreDumpMissingException("there is no ended container " + engineId);
    }
    return SimulatedDump.of(container.name, exited.exitCode());
  }

  synchronized void removeDisk(InstallationId installation, String disk)
      throws RuntimeUnavailableException {
    disks.remove(installation, disk);
  }

  synchronized Set<String> disks(InstallationId installation) {
    return disks.ids(installation);
  }

  /**
   * What a command does in a running container. What it writes on disks until the time is over is
   * there at once.
   */
  synchronized Program exec(String engineId, List<String> command, Duration timeout)
      throws NoSuchContainerException {
    ContainerName name = running(engineId);
    if (command.equals(INTERFACES)) {
      return interfaces(name);
    }
    SimulatedContainer container = contents.container(engineId).orElseThrow();
    List<Call.DiskMount> mounts = container.disks;
    Program program =
        Program.of(
            "", command, disks.mounted(name.installation(), mounts), container.conduct.gpus());
    for (Program.Write write : program.writes()) {
      if (write.at().compareTo(timeout) <= 0) {
        disks.write(name.installation(), mounts, write);
      }
    }
    return program;
  }

  /** As the program would show the one interface that the containers of a group have. */
  private Program interfaces(ContainerName name) {
    String line =
        contents
            .sandbox(name.installation(), name.group())
            .map(sandbox -> "2: eth0    inet " + sandbox.inSubnet() + " scope global eth0")
            .orElse("");
    return Program.ending(Duration.ZERO, 0, false, line);
  }

  CheckResult check(String engineId, CheckKind kind, List<String> command, Duration timeout)
      throws NoSuchContainerException {
    Conduct conduct;
    String image;
    Duration ran;
    synchronized (this) {
      SimulatedContainer container = contents.container(engineId).orElse(null);
      ran = container == null ? null : container.runningFor(now()).orElse(null);
      if (container == null || ran == null) {
        throw new NoSuchContainerException("container " + engineId + " does not run");
      }
      conduct = container.conduct;
      image = container.image;
    }
    Optional<FaultPlan.CheckFault> fault = world.faults().check(image, ran);
    if (fault.isPresent()) {
      return new CheckResult(false, fault.get().message());
    }
    if (!conduct.passes(kind, ran)) {
      return new CheckResult(false, "failing, as the container's environment says");
    }
    return kind == CheckKind.EXEC
        ? result(exec(engineId, command, timeout), timeout)
        : new CheckResult(true, "");
  }

  private static CheckResult result(Program program, Duration timeout) {
    if (program.takesLongerThan(timeout)) {
      return new CheckResult(false, "the command did not end within " + timeout);
    }
    String output = program.output().strip();
    return program.exitCode() == 0
        ? new CheckResult(true, output)
        : new CheckResult(false, output.isEmpty() ? "exit code " + program.exitCode() : output);
  }

  AutoCloseable watch(InstallationId installation, Consumer<ContainerGroupId> changed) {
    Watcher watcher = new Watcher(installation, changed);
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  private void changed(ContainerName name) {
    changed(name.installation(), name.group());
  }

  private void changed(InstallationId installation, ContainerGroupId group) {
    revision.incrementAndGet();
    world.changed(installation, id, group);
    for (Watcher watcher : watchers) {
      if (watcher.installation().equals(installation)) {
        watcher.changed().accept(group);
      }
    }
  }

  // Changing

  Duration createSandbox(
      InstallationId installation,
      ContainerGroupId group,
      long epoch,
      @Nullable List<Call.Disk> wanted,
      @Nullable GroupAddress address)
      throws RuntimeUnavailableException {
    Duration delay;
    synchronized (this) {
      attach(installation, group, wanted);
      Optional<HostContents.Sandbox> there = contents.sandbox(installation, group);
      if (there.isPresent()) {
        Duration left = Duration.between(now(), there.get().readyAt());
        return left.isNegative() ? Duration.ZERO : left;
      }
      delay = delay(SANDBOX, world.faults().latency().sandbox());
      if (address != null && contents.uses(installation, address)) {
        throw new RuntimeUnavailableException("address " + address.ip() + " is in use already");
      }
      contents.put(
          installation,
          group,
          new HostContents.Sandbox(
              newId(),
              address == null ? world.nextAddress() : address.ip(),
              address,
              epoch,
              now().plus(delay),
              seed(group.value(), "sandbox", 0)));
      revision.incrementAndGet();
    }
    after(delay, () -> changed(installation, group));
    return delay;
  }

  /** Only its disks could have to be changed. */
  void updateSandbox(
      InstallationId installation, ContainerGroupId group, @Nullable List<Call.Disk> wanted)
      throws RuntimeUnavailableException {
    synchronized (this) {
      if (contents.sandbox(installation, group).isEmpty()) {
        throw new RuntimeUnavailableException("there is no sandbox of group " + group);
      }
      attach(installation, group, wanted);
    }
    changed(installation, group);
  }

  private void attach(
      InstallationId installation, ContainerGroupId group, @Nullable List<Call.Disk> wanted)
      throws RuntimeUnavailableException {
    if (wanted != null) {
      for (Call.Disk disk : wanted) {
        Optional<FaultPlan.DiskFault> fault = world.faults().disk(disk.id());
        if (fault.isPresent()) {
          throw SimulatedDisks.failed(disk, fault.get().message());
        }
      }
      disks.attach(installation, group, wanted);
    }
  }

  /**
   * @param cached null for nothing
   */
  void beginPull(ContainerGroupId group, String image, int retry, Call.@Nullable Cached cached) {
    ImageTraits traits = new ImageTraits(image);
    Faults faults = world.faults();
    Optional<Duration> takes;
    ImageStore.Source source;
    synchronized (this) {
      source = source(image, cached);
      double slow = source.registryBytes() > 0 ? traits.pullFactor() : 1;
      double factor = faults.latency().pull() * slow * (0.5 + random.nextDouble());
      takes = images.begin(group, image, retry, source, factor, now());
    }
    if (takes.isPresent()) {
      Optional<FaultPlan.PullFault> fault =
          source.asksRegistry()
              ? faults.pull(image).or(() -> traits.pullFault(retry))
              : Optional.empty();
      after(takes.get(), () -> endPull(group, image, retry, fault.orElse(null)));
    }
  }

  /** Where the bytes of an image come from. */
  private ImageStore.Source source(String image, Call.@Nullable Cached cached) {
    SimulatedImage simulated = new SimulatedImage(image);
    if (cached == null || !cached.digest().equals(simulated.digest())) {
      return images.registry(image);
    }
    if (copies.has(cached.digest(), now())) {
      return new ImageStore.Source(HELD, 0, cached.cache(), cached.always());
    }
    long missing = world.content().missing(simulated.layers());
    return missing == simulated.bytes()
        ? images.registry(image)
        : new ImageStore.Source(
            SimulatedCopies.usual(simulated, missing),
            missing,
            cached.cache(),
            cached.always() || missing > 0);
  }

  // Caches

  void beginCopies(InstallationId installation, String cache, List<String> names) {
    Faults faults = world.faults();
    synchronized (this) {
      double slow =
          names.stream().mapToDouble(name -> new ImageTraits(name).pullFactor()).max().orElse(1);
      double factor = faults.latency().pull() * slow * (0.5 + random.nextDouble());
      copies.begin(
          installation,
          cache,
          names,
          factor,
          (image, tries) -> faults.pull(image).or(() -> new ImageTraits(image).pullFault(tries)),
          now());
    }
  }

  synchronized Optional<CopyState> copies(
      InstallationId installation, String cache, List<String> names) {
    return copies.state(installation, cache, names, now());
  }

  synchronized void release(InstallationId installation, String cache) {
    copies.release(installation, cache);
  }

  synchronized Set<String> held(InstallationId installation) {
    return copies.held(installation);
  }

  DataState beginData(InstallationId installation, Call.HoldData call) {
    double latency = world.faults().latency().pull();
    synchronized (this) {
      DataState.Failure failure =
          data.begin(installation, call, latency * (0.5 + random.nextDouble()), now()).orElse(null);
      return failure == null
          ? data.state(installation, call.cache(), now()).orElseThrow()
          : new DataState(0, 0, 0, null, failure);
    }
  }

  synchronized Optional<DataState> data(InstallationId installation, String cache) {
    return data.state(installation, cache, now());
  }

  synchronized void releaseData(InstallationId installation, String cache) {
    data.release(installation, cache);
  }

  synchronized Map<String, String> dataDigests(InstallationId installation) {
    return data.held(installation, now());
  }

  synchronized List<HostImage> images() {
    return Stream.concat(images.present().stream().map(SimulatedImage::new), copies.images(now()))
        .map(SimulatedImage::onHost)
        .distinct()
        .toList();
  }

  private void endPull(
      ContainerGroupId group, String image, int retry, FaultPlan.@Nullable PullFault fault) {
    List<InstallationId> installations;
    synchronized (this) {
      if (!images.end(group, image, retry, fault)) {
        return;
      }
      installations = contents.installations(group);
    }
    installations.forEach(i -> changed(i, group));
  }

  void createContainer(
      ContainerName name,
      String image,
      List<String> command,
      Conduct conduct,
      List<Call.DiskMount> mounts,
      long epoch)
      throws RuntimeUnavailableException, ContainerRefusedException {
    synchronized (this) {
      if (contents.has(name)) {
        return;
      }
      if (contents.sandbox(name.installation(), name.group()).isEmpty()) {
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
      world.time().after(delay.get(), () -> put(name, image, command, conduct, mounts, epoch));
      throw new RuntimeUnavailableException("no answer to the create of " + name);
    }
    put(name, image, command, conduct, mounts, epoch);
  }

  private void put(
      ContainerName name,
      String image,
      List<String> command,
      Conduct conduct,
      List<Call.DiskMount> mounts,
      long epoch) {
    synchronized (this) {
      if (contents.has(name)) {
        return;
      }
      contents.put(
          new SimulatedContainer(
              name,
              newId(),
              epoch,
              image,
              List.copyOf(command),
              conduct,
              mounts,
              seed(name.group().value(), name.container(), name.attempt())));
    }
    changed(name);
  }

  Duration startContainer(String engineId) throws ContainerRefusedException {
    SimulatedContainer container;
    Duration delay;
    synchronized (this) {
      container = contents.container(engineId).orElse(null);
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
    Optional<Program> fault = world.faults().exit(container.image).map(SimulatedHost::program);
    Program program;
    synchronized (this) {
      program =
          fault.orElseGet(
              () ->
                  new ImageTraits(container.image)
                      .program(
                          container.command,
                          disks.mounted(container.name.installation(), container.disks),
                          container.conduct.gpus()));
      if (contents.container(container.engineId).isEmpty()) {
        return; // removed before it came to run
      }
      container.run(program, now());
    }
    if (!container.disks.isEmpty()) {
      program.writes().forEach(write -> after(write.at(), () -> write(container, write)));
    }
    changed(container.name);
    Duration duration = program.duration();
    if (duration != null) {
      after(duration, () -> exit(container, program.exitCode(), program.oomKilled()));
    }
  }

  private synchronized void write(SimulatedContainer container, Program.Write write) {
    if (container.reached(write.at())) {
      disks.write(container.name.installation(), container.disks, write);
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
      container = contents.container(engineId).orElse(null);
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
      container = contents.container(engineId).orElse(null);
      if (container == null) {
        return;
      }
      boolean _ = container.exit(KILLED, false, now());
      contents.remove(container, now());
    }
    changed(container.name);
  }

  void removeSandbox(InstallationId installation, ContainerGroupId group) {
    synchronized (this) {
      images.forget(group);
      captures.forget(installation, group);
      contents.removeSandbox(installation, group);
      disks.detach(installation, group);
    }
    changed(installation, group);
  }

  synchronized void forgetLogs(InstallationId installation, ContainerGroupId group) {
    contents.forgetLogs(installation, group);
  }
}
