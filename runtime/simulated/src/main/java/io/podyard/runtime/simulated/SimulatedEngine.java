package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.Handler;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.HostImage;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.ImageNotFetchedException;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.pod.ContainerEngine;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerRefusedException;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import io.podyard.runtime.pod.SandboxOrder;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one simulated host. Like a real one it knows nothing of leases: it keeps the epoch
 * of what is made as a label and obeys whoever calls.
 */
public final class SimulatedEngine implements ContainerEngine {

  static final String USUAL_ARCHITECTURE = "amd64";

  private final Size capacity;
  private final String architecture;
  private final HostGpus gpus;
  private final SimulatedHost host;
  private final SimulatedTime time;

  SimulatedEngine(
      SimulatedWorld world,
      HostId id,
      Size capacity,
      String architecture,
      HostGpus gpus,
      long seed) {
    this.capacity = capacity;
    this.architecture = architecture;
    this.gpus = gpus;
    host = new SimulatedHost(world, id, seed);
    time = world.time();
  }

  @Override
  public HostReport report() throws RuntimeUnavailableException {
    host.reach();
    return describe();
  }

  /** The same also while it does not answer. */
  long revision() {
    return host.revision();
  }

  HostReport describe() {
    return new HostReport("simulated 1", capacity, architecture, gpus.count(), gpus.model());
  }

  @Override
  public EngineView view(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    host.reach();
    return host.view(installation, group);
  }

  @Override
  public List<ContainerGroupId> groups(InstallationId installation)
      throws RuntimeUnavailableException {
    host.reach();
    return host.groups(installation);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The figures are drawn from the host's seed and move with time; see {@link SimulatedUse}.
   */
  @Override
  public List<GroupStatistics> statistics(
      InstallationId installation, Collection<GroupLimits> groups)
      throws RuntimeUnavailableException {
    host.reach();
    return host.statistics(installation, groups);
  }

  @Override
  public ImageView image(ContainerGroupId group, String image) throws RuntimeUnavailableException {
    host.reach();
    return host.image(group, image);
  }

  @Override
  public void createSandbox(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    SimulatedSysctls.require(order.spec());
    SimulatedMounts.require(order.spec(), () -> dataDigests(order.installation()));
    Duration _ =
        createSandbox(
            order.installation(),
            order.group(),
            fence.epoch(),
            SimulatedDisks.of(order.spec()),
            order.spec().address());
  }

  /**
   * Begins to make it.
   *
   * @param disks null if they stay as they are
   * @param address null if it gets any
   * @return until it is ready
   */
  Duration createSandbox(
      InstallationId installation,
      ContainerGroupId group,
      long epoch,
      @Nullable List<Call.Disk> disks,
      @Nullable GroupAddress address)
      throws RuntimeUnavailableException {
    host.reach();
    return host.createSandbox(installation, group, epoch, disks, address);
  }

  @Override
  public void updateSandbox(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    SimulatedMounts.require(order.spec(), () -> dataDigests(order.installation()));
    updateSandbox(order.installation(), order.group(), SimulatedDisks.of(order.spec()));
  }

  void updateSandbox(
      InstallationId installation, ContainerGroupId group, @Nullable List<Call.Disk> disks)
      throws RuntimeUnavailableException {
    host.reach();
    host.updateSandbox(installation, group, disks);
  }

  @Override
  public void beginPull(PullOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    beginPull(order.group(), order.image(), order.retry(), Call.Cached.of(order));
  }

  void beginPull(ContainerGroupId group, String image, int retry, Call.@Nullable Cached cached)
      throws RuntimeUnavailableException {
    host.reach();
    host.beginPull(group, image, retry, cached);
  }

  /**
   * {@inheritDoc}
   *
   * <p>What one host of the world holds costs no other the registry's time; see {@link
   * SimulatedContent}.
   */
  @Override
  public List<HeldImage> hold(ImageCopyOrder order, Fence fence, CopyProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotFetchedException,
          InterruptedException {
    fence.check();
    beginCopies(order.installation(), order.cache(), order.images());
    return CopyWait.until(
        () -> copies(order.installation(), order.cache(), order.images()), progress);
  }

  void beginCopies(InstallationId installation, String cache, List<String> images)
      throws RuntimeUnavailableException {
    host.reach();
    host.beginCopies(installation, cache, images);
  }

  Optional<CopyState> copies(InstallationId installation, String cache, List<String> images)
      throws RuntimeUnavailableException {
    host.reach();
    return host.copies(installation, cache, images);
  }

  @Override
  public void release(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    release(installation, cache);
  }

  void release(InstallationId installation, String cache) throws RuntimeUnavailableException {
    host.reach();
    host.release(installation, cache);
  }

  @Override
  public Set<String> held(InstallationId installation) throws RuntimeUnavailableException {
    host.reach();
    return host.held(installation);
  }

  @Override
  public HeldData holdData(DataCopyOrder order, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException {
    fence.check();
    DataState begun = beginData(Call.HoldData.of(order));
    return DataState.await(
        () ->
            begun.failure() == null
                ? data(order.installation(), order.cache())
                : Optional.of(begun),
        progress);
  }

  DataState beginData(Call.HoldData call) throws RuntimeUnavailableException {
    host.reach();
    return host.beginData(new InstallationId(call.installation()), call);
  }

  Optional<DataState> data(InstallationId installation, String cache)
      throws RuntimeUnavailableException {
    host.reach();
    return host.data(installation, cache);
  }

  @Override
  public void releaseData(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    releaseData(installation, cache);
  }

  void releaseData(InstallationId installation, String cache) throws RuntimeUnavailableException {
    host.reach();
    host.releaseData(installation, cache);
  }

  @Override
  public Set<String> heldData(InstallationId installation) throws RuntimeUnavailableException {
    return Set.copyOf(dataDigests(installation).keySet());
  }

  Map<String, String> dataDigests(InstallationId installation) throws RuntimeUnavailableException {
    host.reach();
    return host.dataDigests(installation);
  }

  @Override
  public List<HostImage> images() throws RuntimeUnavailableException {
    host.reach();
    return host.images();
  }

  @Override
  public void createContainer(ContainerOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException {
    fence.check();
    createContainer(
        order.name(),
        order.spec().image(),
        commandLine(order.spec()),
        Conduct.of(order),
        SimulatedDisks.mounts(order.group(), order.spec()),
        fence.epoch());
  }

  void createContainer(
      ContainerName name,
      String image,
      List<String> command,
      Conduct conduct,
      List<Call.DiskMount> disks,
      long epoch)
      throws RuntimeUnavailableException, ContainerRefusedException {
    host.reach();
    host.createContainer(name, image, command, conduct, disks, epoch);
  }

  /** The image's own entry point is not known here, so only what the spec says is run. */
  static List<String> commandLine(ContainerSpec spec) {
    return Stream.concat(spec.command().stream(), spec.args().stream()).toList();
  }

  @Override
  public void startContainer(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException {
    fence.check();
    Duration _ = startContainer(engineId);
  }

  /**
   * Begins to start it.
   *
   * @return until it runs
   */
  Duration startContainer(String engineId)
      throws RuntimeUnavailableException, ContainerRefusedException {
    host.reach();
    return host.startContainer(engineId);
  }

  @Override
  public void beginStop(String engineId, Duration grace, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    beginStop(engineId, grace);
  }

  void beginStop(String engineId, Duration grace) throws RuntimeUnavailableException {
    host.reach();
    host.beginStop(engineId, grace);
  }

  @Override
  public void removeContainer(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    removeContainer(engineId);
  }

  void removeContainer(String engineId) throws RuntimeUnavailableException {
    host.reach();
    host.removeContainer(engineId);
  }

  @Override
  public void removeSandbox(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    removeSandbox(installation, group);
  }

  void removeSandbox(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    host.reach();
    host.removeSandbox(installation, group);
  }

  @Override
  public void forgetLogs(InstallationId installation, ContainerGroupId group) {
    host.forgetLogs(installation, group);
  }

  @Override
  public List<Integer> loggedAttempts(
      InstallationId installation, ContainerGroupId group, String container)
      throws RuntimeUnavailableException {
    host.reach();
    return host.loggedAttempts(installation, group, container);
  }

  @Override
  public String logs(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    host.reach();
    return host.log(name).text(query);
  }

  /**
   * {@inheritDoc}
   *
   * <p>What is known to take longer than the timeout fails with it, and is ended; everything else
   * is answered at once. A program nothing is known of answers with its own command line.
   */
  @Override
  public ExecResult exec(String engineId, List<String> command, Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException {
    host.reach();
    Program program = host.exec(engineId, command, timeout);
    if (program.takesLongerThan(timeout)) {
      throw new CommandTimedOutException("the command did not end within " + timeout, true);
    }
    return new ExecResult(program.exitCode(), program.output());
  }

  /**
   * {@inheritDoc}
   *
   * <p>What it does is what {@link TalkingShell} says.
   */
  @Override
  public ExecSession open(String engineId, ExecOrder order)
      throws RuntimeUnavailableException, NoSuchContainerException {
    host.reach();
    ContainerName name = host.running(engineId);
    SimulatedCommand command = new SimulatedCommand(order, time);
    Runnable unwatch =
        host.watched(
            name,
            () -> {
              if (!host.runs(name)) {
                command.kill();
              }
            });
    if (!host.runs(name)) {
      unwatch.run();
      throw new NoSuchContainerException("container " + engineId + " does not run");
    }
    command.start(unwatch);
    return command;
  }

  @Override
  public LogStream follow(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    host.reach();
    LogBook _ = host.log(name);
    return new FollowedBook(host, time, name, query);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Answers at once: a command by what is known of it, anything else as the fault plan and the
   * container's environment say, and else well.
   */
  @Override
  public CheckResult check(
      InstallationId installation,
      ContainerGroupId group,
      String engineId,
      Handler handler,
      String ip,
      Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return check(engineId, CheckKind.of(handler), CheckKind.command(handler), timeout);
  }

  CheckResult check(String engineId, CheckKind kind, List<String> command, Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException {
    host.reach();
    return host.check(engineId, kind, command, timeout);
  }

  @Override
  public void commit(String engineId, CommitOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, NoSuchContainerException {
    fence.check();
    commit(order.installation(), engineId, order.task());
  }

  void commit(InstallationId installation, String engineId, String task)
      throws RuntimeUnavailableException, NoSuchContainerException {
    host.reach();
    host.commit(installation, engineId, task);
  }

  /**
   * {@inheritDoc}
   *
   * <p>There is no simulated registry, since every image exists: the host has this one from then on
   * and need not fetch it. It fails for the names whose fetch fails for ever.
   */
  @Override
  public void push(PushOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ImageNotPushedException {
    fence.check();
    push(order.installation(), order.task(), order.image());
  }

  void push(InstallationId installation, String task, String image)
      throws RuntimeUnavailableException, ImageNotPushedException {
    host.reach();
    host.push(installation, task, image);
  }

  @Override
  public void removeCommitted(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    removeCommitted(installation, task);
  }

  void removeCommitted(InstallationId installation, String task)
      throws RuntimeUnavailableException {
    host.reach();
    host.removeCommitted(installation, task);
  }

  @Override
  public Set<String> committed(InstallationId installation) throws RuntimeUnavailableException {
    host.reach();
    return host.committed(installation);
  }

  /**
   * {@inheritDoc}
   *
   * <p>What is captured is made up; see {@link SimulatedCaptures}.
   */
  @Override
  public void beginCapture(String sandbox, CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    fence.check();
    beginCapture(order.installation(), order.group(), order.task(), order.filter());
  }

  void beginCapture(
      InstallationId installation, ContainerGroupId group, String task, CaptureFilter filter)
      throws RuntimeUnavailableException, CaptureRefusedException {
    host.reach();
    host.beginCapture(installation, group, task, filter);
  }

  @Override
  public Optional<CaptureState> capture(InstallationId installation, String task)
      throws RuntimeUnavailableException {
    host.reach();
    return host.capture(installation, task);
  }

  @Override
  public void endCapture(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    endCapture(installation, task);
  }

  void endCapture(InstallationId installation, String task) throws RuntimeUnavailableException {
    host.reach();
    host.endCapture(installation, task);
  }

  @Override
  public void readCapture(InstallationId installation, String task, OutputStream out)
      throws RuntimeUnavailableException, CaptureRefusedException, IOException {
    out.write(readCapture(installation, task));
  }

  byte[] readCapture(InstallationId installation, String task)
      throws RuntimeUnavailableException, CaptureRefusedException {
    host.reach();
    return host.readCapture(installation, task);
  }

  @Override
  public void removeCapture(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    removeCapture(installation, task);
  }

  void removeCapture(InstallationId installation, String task) throws RuntimeUnavailableException {
    host.reach();
    host.removeCapture(installation, task);
  }

  @Override
  public Set<String> captures(InstallationId installation) throws RuntimeUnavailableException {
    host.reach();
    return host.captures(installation);
  }

  @Override
  public Optional<String> noCoreDumpsBecause(
      InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    host.reach();
    return Optional.empty();
  }

  /**
   * {@inheritDoc}
   *
   * <p>There is no memory in it; see {@link SimulatedDump}.
   */
  @Override
  public void readCoreDump(String engineId, long mostBytes, Fence fence, OutputStream out)
      throws RuntimeUnavailableException,
          StaleFenceException,
          CoreDumpMissingException,
          IOException {
    fence.check();
    out.write(coreDump(engineId));
  }

  byte[] coreDump(String engineId) throws RuntimeUnavailableException, CoreDumpMissingException {
    host.reach();
    return host.coreDump(engineId);
  }

  @Override
  public void removeDisk(InstallationId installation, String disk, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    removeDisk(installation, disk);
  }

  void removeDisk(InstallationId installation, String disk) throws RuntimeUnavailableException {
    host.reach();
    host.removeDisk(installation, disk);
  }

  @Override
  public Set<String> disks(InstallationId installation) throws RuntimeUnavailableException {
    host.reach();
    return host.disks(installation);
  }

  @Override
  public AutoCloseable watch(InstallationId installation, Consumer<ContainerGroupId> changed) {
    return host.watch(installation, changed);
  }

  /** Nothing to release: the host goes on without anybody looking. */
  @Override
  public void close() {}
}
