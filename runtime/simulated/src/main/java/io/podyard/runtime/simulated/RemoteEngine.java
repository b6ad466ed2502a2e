package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.Fence;
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
import io.podyard.runtime.pod.Observation;
import io.podyard.runtime.pod.PullOrder;
import io.podyard.runtime.pod.SandboxOrder;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The engine of a simulated host in another process. */
record RemoteEngine(SimulatedHostsClient client, HostId host) implements ContainerEngine {

  @Override
  public HostReport report() throws RuntimeUnavailableException {
    List<Reply.Host> hosts = client.call(new Call.Report(host.value())).hosts();
    return SimulatedHostsClient.report(Objects.requireNonNull(hosts).getFirst());
  }

  @Override
  public Observation observe(
      InstallationId installation, ContainerGroupId group, Collection<String> images)
      throws RuntimeUnavailableException {
    Call call =
        new Call.Observe(host.value(), installation.value(), group.value(), List.copyOf(images));
    return Objects.requireNonNull(client.call(call).seen());
  }

  @Override
  public EngineView view(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    return observe(installation, group, List.of()).view();
  }

  @Override
  public ImageView image(ContainerGroupId group, String image) throws RuntimeUnavailableException {
    // The installation does not matter for images; any valid one will do.
    Observation seen = observe(new InstallationId("any"), group, List.of(image));
    return Objects.requireNonNull(seen.images().get(image));
  }

  @Override
  public Map<ContainerGroupId, EngineView> views(InstallationId installation)
      throws RuntimeUnavailableException {
    Map<String, EngineView> found =
        client.call(new Call.Views(host.value(), installation.value())).views();
    Map<ContainerGroupId, EngineView> views = new LinkedHashMap<>();
    Objects.requireNonNull(found)
        .forEach((group, view) -> views.put(new ContainerGroupId(group), view));
    return views;
  }

  @Override
  public List<ContainerGroupId> groups(InstallationId installation)
      throws RuntimeUnavailableException {
    return List.copyOf(views(installation).keySet());
  }

  /** One call for all of them; a process of an earlier release has none. */
  @Override
  public List<GroupStatistics> statistics(
      InstallationId installation, Collection<GroupLimits> groups)
      throws RuntimeUnavailableException {
    if (!client.knowsStatistics()) {
      return List.of();
    }
    Call call =
        new Call.Statistics(
            host.value(), installation.value(), groups.stream().map(Call.Limits::of).toList());
    return Objects.requireNonNull(client.call(call).statistics());
  }

  @Override
  public void createSandbox(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    SimulatedSysctls.require(order.spec());
    SimulatedMounts.require(order.spec(), () -> dataDigests(order.installation()));
    if (order.spec().address() != null && !client.givesAddresses()) {
      throw RuntimeUnavailableException.lacking(
          "AddressNotGiven",
          "the process of the simulated hosts is of a version that gives no addresses");
    }
    Reply _ =
        client.call(
            new Call.CreateSandbox(
                host.value(),
                order.installation().value(),
                order.group().value(),
                fence.epoch(),
                disks(order),
                order.spec().address()));
  }

  /**
   * Null where there are none: a process of an earlier release does not hear of them.
   *
   * @throws RuntimeUnavailableException for the users of the group, if there are and it keeps none
   */
  private @Nullable List<Call.Disk> disks(SandboxOrder order) throws RuntimeUnavailableException {
    List<Call.Disk> disks = SimulatedDisks.of(order.spec());
    if (client.keepsDisks()) {
      return disks;
    }
    if (disks.isEmpty()) {
      return null;
    }
    throw SimulatedDisks.failed(
        disks.getFirst(), "the process of the simulated hosts is of a version that keeps no disks");
  }

  @Override
  public void updateSandbox(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    SimulatedMounts.require(order.spec(), () -> dataDigests(order.installation()));
    List<Call.Disk> disks = disks(order);
    if (client.isOfFirstVersion()) {
      var _ = view(order.installation(), order.group()); // nothing to change, if it answers
      return;
    }
    Reply _ =
        client.call(
            new Call.UpdateSandbox(
                host.value(), order.installation().value(), order.group().value(), disks));
  }

  @Override
  public void beginPull(PullOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    Reply _ =
        client.call(
            new Call.BeginPull(
                host.value(),
                order.group().value(),
                order.image(),
                order.retry(),
                client.keepsCopies() ? Call.Cached.of(order) : null));
  }

  @Override
  public void createContainer(ContainerOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException {
    fence.check();
    ContainerName name = order.name();
    Conduct conduct = Conduct.of(order);
    if (!order.gpus().isEmpty() && !client.showsGpus()) {
      throw RuntimeUnavailableException.lacking(
          "GpuNotGiven", "the process of the simulated hosts is of a version that has no GPUs");
    }
    List<Call.DiskMount> mounts = SimulatedDisks.mounts(order.group(), order.spec());
    boolean told = !conduct.equals(Conduct.PLAIN) && !client.isOfFirstVersion();
    refusable(
        new Call.CreateContainer(
            host.value(),
            name.installation().value(),
            name.group().value(),
            name.container(),
            name.attempt(),
            order.spec().image(),
            SimulatedEngine.commandLine(order.spec()),
            fence.epoch(),
            told ? conduct : null,
            mounts.isEmpty() ? null : mounts));
  }

  @Override
  public void startContainer(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException {
    fence.check();
    refusable(new Call.StartContainer(host.value(), engineId));
  }

  private void refusable(Call call) throws RuntimeUnavailableException, ContainerRefusedException {
    try {
      Reply _ = client.call(call);
    } catch (CallFailedException e) {
      if (e.failure().kind() == Reply.Kind.REFUSED) {
        throw new ContainerRefusedException(e.failure().reason(), e.failure().message());
      }
      throw e;
    }
  }

  @Override
  public void beginStop(String engineId, Duration grace, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    Reply _ = client.call(new Call.BeginStop(host.value(), engineId, grace.toMillis()));
  }

  @Override
  public void removeContainer(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    Reply _ = client.call(new Call.RemoveContainer(host.value(), engineId));
  }

  @Override
  public void removeSandbox(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    Reply _ =
        client.call(new Call.RemoveSandbox(host.value(), installation.value(), group.value()));
  }

  @Override
  public void forgetLogs(InstallationId installation, ContainerGroupId group) {
    client.tell(new Call.ForgetLogs(host.value(), installation.value(), group.value()));
  }

  @Override
  public List<Integer> loggedAttempts(
      InstallationId installation, ContainerGroupId group, String container)
      throws RuntimeUnavailableException {
    Call call =
        new Call.LoggedAttempts(host.value(), installation.value(), group.value(), container);
    return Objects.requireNonNull(client.call(call).attempts());
  }

  @Override
  public String logs(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    Call call =
        new Call.Logs(
            host.value(),
            name.installation().value(),
            name.group().value(),
            name.container(),
            name.attempt(),
            query.tailLines(),
            query.limitBytes(),
            query.since(),
            query.timestamps());
    return Objects.requireNonNull(callContainer(call).text());
  }

  @Override
  public ExecResult exec(String engineId, List<String> command, Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException {
    try {
      Reply reply =
          callContainer(new Call.Exec(host.value(), engineId, command, timeout.toMillis()));
      return new ExecResult(
          Objects.requireNonNull(reply.exitCode()), Objects.requireNonNull(reply.text()));
    } catch (CallFailedException e) {
      if (e.failure().kind() == Reply.Kind.COMMAND_ENDED) {
        throw new CommandTimedOutException(e.failure().message(), true);
      }
      throw e;
    }
  }

  @Override
  public ExecSession open(String engineId, ExecOrder order)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return new RemoteCommand(
        talk(
            new Call.OpenExec(
                host.value(), engineId, order.command(), order.input(), order.terminal())));
  }

  @Override
  public LogStream follow(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return new RemoteLog(
        talk(
            new Call.FollowLog(
                host.value(),
                name.installation().value(),
                name.group().value(),
                name.container(),
                name.attempt(),
                query.tailLines(),
                query.since())),
        name.attempt());
  }

  private TalkConnection talk(Call.Talk call)
      throws RuntimeUnavailableException, NoSuchContainerException {
    try {
      return client.talk(call);
    } catch (CallFailedException e) {
      throw noContainer(e);
    }
  }

  @Override
  public CheckResult check(
      InstallationId installation,
      ContainerGroupId group,
      String engineId,
      Handler handler,
      String ip,
      Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException {
    List<String> command = CheckKind.command(handler);
    if (client.isOfFirstVersion()) {
      return asCommand(engineId, command.isEmpty() ? List.of("true") : command, timeout);
    }
    Reply reply =
        callContainer(
            new Call.Check(
                host.value(), engineId, CheckKind.of(handler), command, timeout.toMillis()));
    return new CheckResult(
        Objects.requireNonNull(reply.exitCode()) == 0, Objects.requireNonNull(reply.text()));
  }

  /** A process of the first version runs commands; what is no command passes while it does. */
  private CheckResult asCommand(String engineId, List<String> command, Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException {
    try {
      ExecResult result = exec(engineId, command, timeout);
      return new CheckResult(result.exitCode() == 0, result.output().strip());
    } catch (CommandTimedOutException e) {
      return new CheckResult(false, String.valueOf(e.getMessage()));
    }
  }

  private Reply callContainer(Call call)
      throws RuntimeUnavailableException, NoSuchContainerException {
    try {
      return client.call(call);
    } catch (CallFailedException e) {
      throw noContainer(e);
    }
  }

  /** What a failed call means that is about a container; any other failure is thrown as it is. */
  private static NoSuchContainerException noContainer(CallFailedException e) {
    if (e.failure().kind() == Reply.Kind.NO_SUCH_CONTAINER) {
      return new NoSuchContainerException(e.failure().message());
    }
    throw e;
  }

  @Override
  public void commit(String engineId, CommitOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          NoSuchContainerException,
          ImageNotPushedException {
    if (!client.makesImages()) {
      throw new ImageNotPushedException(
          "the process of the simulated hosts is of a version that makes no images");
    }
    fence.check();
    Reply _ =
        callContainer(
            new Call.CommitImage(
                host.value(), order.installation().value(), engineId, order.task()));
  }

  @Override
  public void push(PushOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ImageNotPushedException {
    fence.check();
    try {
      Reply _ =
          client.call(
              new Call.PushImage(
                  host.value(), order.installation().value(), order.task(), order.image()));
    } catch (CallFailedException e) {
      if (e.failure().kind() == Reply.Kind.REFUSED) {
        throw new ImageNotPushedException(e.failure().message(), e);
      }
      throw e;
    }
  }

  @Override
  public void removeCommitted(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    if (client.makesImages()) {
      Reply _ = client.call(new Call.RemoveImage(host.value(), installation.value(), task));
    }
  }

  @Override
  public Set<String> committed(InstallationId installation) throws RuntimeUnavailableException {
    if (!client.makesImages()) {
      return Set.of();
    }
    String tasks =
        Objects.requireNonNull(
            client.call(new Call.CommittedImages(host.value(), installation.value())).text());
    return tasks.lines().collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public List<HeldImage> hold(ImageCopyOrder order, Fence fence, CopyProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotFetchedException,
          InterruptedException {
    if (!client.keepsCopies()) {
      throw new ImageNotFetchedException(
          "ErrImagePull",
          "the process of the simulated hosts is of a version that keeps no image caches",
          0);
    }
    fence.check();
    String installation = order.installation().value();
    Reply _ =
        client.call(
            new Call.BeginCopies(host.value(), installation, order.cache(), order.images()));
    Call look = new Call.LookAtCopies(host.value(), installation, order.cache(), order.images());
    return CopyWait.until(() -> Optional.ofNullable(client.call(look).copy()), progress);
  }

  @Override
  public void release(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    if (client.keepsCopies()) {
      Reply _ = client.call(new Call.ReleaseCopies(host.value(), installation.value(), cache));
    }
  }

  @Override
  public Set<String> held(InstallationId installation) throws RuntimeUnavailableException {
    return client.keepsCopies()
        ? lines(new Call.HeldCaches(host.value(), installation.value()))
        : Set.of();
  }

  @Override
  public HeldData holdData(DataCopyOrder order, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException {
    if (!client.keepsData()) {
      throw new DataNotFetchedException(
          DataNotFetchedException.Reason.UNAVAILABLE,
          "the process of the simulated hosts is of a version that keeps no data caches");
    }
    fence.check();
    DataState begun = Objects.requireNonNull(client.call(Call.HoldData.of(order)).data());
    Call look = new Call.LookAtData(host.value(), order.installation().value(), order.cache());
    return DataState.await(
        () ->
            begun.failure() == null
                ? Optional.ofNullable(client.call(look).data())
                : Optional.of(begun),
        progress);
  }

  @Override
  public void releaseData(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    if (client.keepsData()) {
      Reply _ = client.call(new Call.ReleaseData(host.value(), installation.value(), cache));
    }
  }

  @Override
  public Set<String> heldData(InstallationId installation) throws RuntimeUnavailableException {
    return Set.copyOf(dataDigests(installation).keySet());
  }

  private Map<String, String> dataDigests(InstallationId installation)
      throws RuntimeUnavailableException {
    return client.keepsData()
        ? SimulatedMounts.digests(
            Objects.requireNonNull(
                client.call(new Call.HeldDataCaches(host.value(), installation.value())).text()))
        : Map.of();
  }

  @Override
  public List<HostImage> images() throws RuntimeUnavailableException {
    return client.keepsCopies()
        ? ImageLines.images(
            Objects.requireNonNull(client.call(new Call.Images(host.value())).text()))
        : List.of();
  }

  private Set<String> lines(Call call) throws RuntimeUnavailableException {
    return Objects.requireNonNull(client.call(call).text())
        .lines()
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void removeDisk(InstallationId installation, String disk, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    if (client.keepsDisks()) {
      Reply _ = client.call(new Call.RemoveDisk(host.value(), installation.value(), disk));
    }
  }

  @Override
  public Set<String> disks(InstallationId installation) throws RuntimeUnavailableException {
    if (!client.keepsDisks()) {
      return Set.of();
    }
    String disks =
        Objects.requireNonNull(
            client.call(new Call.Disks(host.value(), installation.value())).text());
    return disks.lines().collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void beginCapture(String sandbox, CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    if (!client.capturesPackets()) {
      throw new CaptureRefusedException(
          "the process of the simulated hosts is of a version that captures no packets");
    }
    fence.check();
    Reply _ =
        callCapture(
            new Call.BeginCapture(
                host.value(),
                order.installation().value(),
                order.group().value(),
                order.task(),
                order.filter()));
  }

  @Override
  public Optional<CaptureState> capture(InstallationId installation, String task)
      throws RuntimeUnavailableException {
    if (!client.capturesPackets()) {
      return Optional.empty();
    }
    Reply reply = client.call(new Call.LookAtCapture(host.value(), installation.value(), task));
    String text = reply.text();
    if (text == null) {
      return Optional.empty();
    }
    Integer code = reply.exitCode();
    return Optional.of(
        code == null ? new CaptureState.Running() : new CaptureState.Ended(code == 0, text));
  }

  @Override
  public void endCapture(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    if (client.capturesPackets()) {
      Reply _ = client.call(new Call.EndCapture(host.value(), installation.value(), task));
    }
  }

  @Override
  public void readCapture(InstallationId installation, String task, OutputStream out)
      throws RuntimeUnavailableException, CaptureRefusedException, IOException {
    if (!client.capturesPackets()) {
      throw new CaptureRefusedException("there is no capture that could be read");
    }
    Reply reply = callCapture(new Call.ReadCapture(host.value(), installation.value(), task));
    out.write(Base64.getDecoder().decode(Objects.requireNonNull(reply.text())));
  }

  private Reply callCapture(Call call) throws RuntimeUnavailableException, CaptureRefusedException {
    try {
      return client.call(call);
    } catch (CallFailedException e) {
      if (e.failure().kind() == Reply.Kind.REFUSED) {
        throw new CaptureRefusedException(e.failure().message(), e);
      }
      throw e;
    }
  }

  @Override
  public void removeCapture(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    if (client.capturesPackets()) {
      Reply _ = client.call(new Call.RemoveCapture(host.value(), installation.value(), task));
    }
  }

  @Override
  public Set<String> captures(InstallationId installation) throws RuntimeUnavailableException {
    if (!client.capturesPackets()) {
      return Set.of();
    }
    String tasks =
        Objects.requireNonNull(
            client.call(new Call.Captures(host.value(), installation.value())).text());
    return tasks.lines().collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Optional<String> noCoreDumpsBecause(
      InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    fence.check();
    return client.dumpsCores()
        ? Optional.empty()
        : Optional.of("the process of the simulated hosts is of a version that dumps no cores");
  }

  @Override
  public void readCoreDump(String engineId, long mostBytes, Fence fence, OutputStream out)
      throws RuntimeUnavailableException,
          StaleFenceException,
          CoreDumpMissingException,
          IOException {
    fence.check();
    if (!client.dumpsCores()) {
      throw new CoreDumpMissingException("it was not kept");
    }
    Reply reply;
    try {
      reply = client.call(new Call.ReadCoreDump(host.value(), engineId));
    } catch (CallFailedException e) {
      if (e.failure().kind() == Reply.Kind.REFUSED) {
        throw new CoreDumpMissingException(e.failure().message(), e);
      }
      throw e;
    }
    out.write(Base64.getDecoder().decode(Objects.requireNonNull(reply.text())));
  }

  @Override
  public AutoCloseable watch(InstallationId installation, Consumer<ContainerGroupId> changed) {
    return client.watch(installation, host, changed);
  }

  /** Nothing to release: the connection belongs to the client. */
  @Override
  public void close() {}
}
