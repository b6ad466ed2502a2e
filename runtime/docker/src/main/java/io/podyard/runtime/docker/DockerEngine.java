package io.podyard.runtime.docker;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
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
import io.podyard.runtime.GroupSpec;
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
import io.podyard.runtime.docker.http.EngineAddress;
import io.podyard.runtime.docker.image.ContentStore;
import io.podyard.runtime.docker.image.FetcherSettings;
import io.podyard.runtime.docker.image.HeldImages;
import io.podyard.runtime.docker.image.ImageFetcher;
import io.podyard.runtime.pod.ContainerEngine;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerRefusedException;
import io.podyard.runtime.pod.DiskUsage;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import io.podyard.runtime.pod.SandboxOrder;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Docker engine as a host. It may be made before the engine answers, and outlives its restarts.
 * Safe for many threads.
 */
public final class DockerEngine implements ContainerEngine {

  /** An image with a tiny program that is there without any registry. */
  public static final String TINY_IMAGE = "podyard/tiny:1";

  private static final int MOST_ACCOUNTS_REMEMBERED = 10_000;

  private final EngineCalls calls;
  private final EngineFacts facts;
  private final HostSide host;
  private final EngineViews views;
  private final StartGate gate;
  private final ImageFetcher images;
  private final HeldImages held;
  private final Sandboxes sandboxes;
  private final SandboxUpdates updates;
  private final ContainerMaking making;
  private final ContainerStart starts;
  private final ContainerStops stops;
  private final KeptLogs kept;
  private final ContainerLogs logs;
  private final ContainerRemoval removal;
  private final ContainerCommits commits;
  private final NetworkCaptures captures;
  private final ContainerDumps dumps;
  private final CommandEnding ending;
  private final ExecRun execs;
  private final ContainerChecks checks;
  private final VolumeMeasuring measuring;
  private final EngineStatistics statistics;
  private final GroupDisks disks;
  private final DataHolding data;
  private final List<Consumer<ContainerGroupId>> watchers = new CopyOnWriteArrayList<>();
  private final Set<EngineEvents> events = ConcurrentHashMap.newKeySet();
  private final Map<ContainerGroupId, AccountId> accounts =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ContainerGroupId, AccountId> eldest) {
              return size() > MOST_ACCOUNTS_REMEMBERED;
            }
          });

  /**
   * @param archive for the logs of removed containers
   * @throws IllegalArgumentException if the engine's address is none, or asks for TLS without
   *     certificates
   */
  public DockerEngine(DockerEngineSettings settings, LogArchive archive, InstantSource clock) {
    EngineAddress address = EngineAddress.of(settings.host(), settings.tlsFolder());
    this.calls = new EngineCalls(address, settings.limits().call());
    this.facts = new EngineFacts(calls, clock, System::nanoTime);
    this.disks =
        new GroupDisks(calls, settings.diskFolder(), address instanceof EngineAddress.Local);
    DataVolumes dataVolumes = new DataVolumes(calls);
    GroupVolumes volumes = new GroupVolumes(calls, settings.hostPaths(), disks, dataVolumes);
    this.kept = new KeptLogs(archive);
    this.logs = new ContainerLogs(calls, kept);
    this.views = new EngineViews(calls, facts, volumes, new TerminationMessages(calls, logs));
    this.gate =
        new StartGate(facts, settings.limits().startsPerCore(), settings.limits().startQueue());
    EngineImages engineImages = new EngineImages(calls, facts);
    ContentStore content =
        ContentStore.open(settings.content().folder(), settings.content().mostBytes(), clock);
    this.images =
        new ImageFetcher(
            engineImages,
            content,
            new FetcherSettings(
                settings.host().toString(),
                settings.dataFolder(),
                settings.images().limits(),
                settings.images().useLocal(),
                settings.images().enginePull(),
                settings.images().highBytes(),
                settings.images().lowBytes()),
            clock,
            this::tell);
    this.held = new HeldImages(images);
    this.data = new DataHolding(calls, engineImages, dataVolumes, content.archives(), settings);
    this.host = new HostSide(facts, address);
    this.ending = new CommandEnding(calls, engineImages);
    this.execs = new ExecRun(calls, ending, settings.limits().execOutputBytes());
    ClosedRoutes routes = new ClosedRoutes(calls, execs, host, settings.network());
    GroupNetworks networks = new GroupNetworks(calls, settings.network().subnets(), host, routes);
    HostPathGuard paths = new HostPathGuard(calls, engineImages, volumes, execs);
    this.sandboxes =
        new Sandboxes(calls, settings, engineImages, networks, routes, volumes, host, paths);
    VolumeKeepers keepers = new VolumeKeepers(calls, settings, engineImages);
    NameFiles names = new NameFiles(calls, execs, engineImages);
    this.updates = new SandboxUpdates(calls, engineImages, volumes, keepers, names, host, paths);
    this.checks = new ContainerChecks(calls, execs);
    this.making = new ContainerMaking(calls, settings, images, volumes, keepers, host);
    this.starts = new ContainerStart(calls);
    this.commits = new ContainerCommits(calls, settings);
    this.captures = new NetworkCaptures(calls, settings, images, starts);
    this.dumps = new ContainerDumps(calls, settings, engineImages);
    this.stops = new ContainerStops(calls);
    this.removal = new ContainerRemoval(calls, stops, logs);
    this.measuring = new VolumeMeasuring(calls, keepers, execs, clock, this::tell);
    this.statistics = new EngineStatistics(calls, views, host, clock);
  }

  private void tell(ContainerGroupId group) {
    watchers.forEach(watcher -> watcher.accept(group));
  }

  @Override
  public HostReport report() throws RuntimeUnavailableException {
    return facts.report();
  }

  /**
   * Why nothing bounds a group as a whole on this host, only each of its containers; empty if
   * something does.
   *
   * @throws RuntimeUnavailableException if the engine does not answer
   */
  public Optional<String> unboundBecause() throws RuntimeUnavailableException {
    return host.unboundBecause();
  }

  @Override
  public EngineView view(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    return views.view(installation, group);
  }

  @Override
  public Map<ContainerGroupId, EngineView> views(InstallationId installation)
      throws RuntimeUnavailableException {
    return views.views(installation);
  }

  @Override
  public List<ContainerGroupId> groups(InstallationId installation)
      throws RuntimeUnavailableException {
    return List.copyOf(views.views(installation).keySet());
  }

  @Override
  public DiskUsage diskUsage(InstallationId installation, ContainerGroupId group, GroupSpec spec) {
    return measuring.usage(installation, group, spec);
  }

  @Override
  public List<GroupStatistics> statistics(
      InstallationId installation, Collection<GroupLimits> groups)
      throws RuntimeUnavailableException {
    return statistics.of(installation, groups);
  }

  @Override
  public void createSandbox(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    try (StartGate.Turn _ = gate.enter()) {
      sandboxes.create(order, fence);
    }
    accounts.put(order.group(), order.account());
  }

  @Override
  public void updateSandbox(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    try (StartGate.Turn _ = gate.enter()) {
      updates.update(order, fence);
    }
  }

  @Override
  public ImageView image(ContainerGroupId group, String image) throws RuntimeUnavailableException {
    return images.view(account(group), group, image);
  }

  /** Null if nothing on the host says for whom the group runs. */
  private @Nullable AccountId account(ContainerGroupId group) throws RuntimeUnavailableException {
    AccountId known = accounts.get(group);
    if (known == null) {
      known = views.account(group).orElse(null);
      if (known != null) {
        accounts.put(group, known);
      }
    }
    return known;
  }

  @Override
  public void beginPull(PullOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    accounts.put(order.group(), order.account());
    images.begin(order, fence);
  }

  @Override
  public void createContainer(ContainerOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException {
    try (StartGate.Turn _ = gate.enter()) {
      making.create(order, fence);
    }
  }

  @Override
  public void startContainer(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException {
    try (StartGate.Turn _ = gate.enter()) {
      starts.start(engineId, fence);
    }
  }

  @Override
  public void beginStop(String engineId, Duration grace, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    stops.begin(engineId, grace, fence);
  }

  @Override
  public void removeContainer(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    removal.remove(engineId, fence);
    views.forget(engineId);
  }

  @Override
  public void removeSandbox(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    images.forget(group);
    measuring.forget(group);
    sandboxes.remove(installation, group, fence);
    accounts.remove(group);
  }

  @Override
  public void forgetLogs(InstallationId installation, ContainerGroupId group) {
    kept.forget(installation, group);
  }

  @Override
  public List<Integer> loggedAttempts(
      InstallationId installation, ContainerGroupId group, String container)
      throws RuntimeUnavailableException {
    // In this order: a log is kept before its container goes, so none is missed in between.
    Set<Integer> attempts = new TreeSet<>();
    views.view(installation, group).containers().stream()
        .filter(c -> c.container().equals(container))
        .forEach(c -> attempts.add(c.attempt()));
    try {
      attempts.addAll(kept.attempts(installation, group, container));
    } catch (IOException e) {
      throw new RuntimeUnavailableException("the kept logs of " + group + " are not known now", e);
    }
    return List.copyOf(attempts);
  }

  @Override
  public String logs(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return logs.logs(name, query);
  }

  @Override
  public ExecResult exec(String engineId, List<String> command, Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException {
    return execs.run(engineId, command, timeout);
  }

  @Override
  public ExecSession open(String engineId, ExecOrder order)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return execs.open(engineId, order);
  }

  @Override
  public LogStream follow(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return logs.follow(name, query);
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
    return checks.check(installation, group, engineId, handler, ip, timeout);
  }

  @Override
  public void commit(String engineId, CommitOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          NoSuchContainerException,
          ImageNotPushedException {
    commits.commit(engineId, order, fence);
  }

  @Override
  public void push(PushOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotPushedException,
          InterruptedException {
    commits.push(order, fence);
  }

  @Override
  public void removeCommitted(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    commits.remove(installation, task, fence);
  }

  @Override
  public Set<String> committed(InstallationId installation) throws RuntimeUnavailableException {
    return commits.tasks(installation);
  }

  @Override
  public List<HeldImage> hold(ImageCopyOrder order, Fence fence, CopyProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotFetchedException,
          InterruptedException {
    return held.hold(order, fence, progress);
  }

  @Override
  public void release(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    held.release(installation, cache, fence);
  }

  @Override
  public Set<String> held(InstallationId installation) throws RuntimeUnavailableException {
    return held.caches(installation);
  }

  @Override
  public List<HostImage> images() throws RuntimeUnavailableException {
    return held.images();
  }

  @Override
  public HeldData holdData(DataCopyOrder order, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException {
    return data.hold(order, fence, progress);
  }

  @Override
  public void releaseData(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    data.release(installation, cache, fence);
  }

  @Override
  public Set<String> heldData(InstallationId installation) throws RuntimeUnavailableException {
    return data.held(installation);
  }

  @Override
  public void beginCapture(String sandbox, CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    try (StartGate.Turn _ = gate.enter()) {
      captures.begin(sandbox, order, fence);
    }
  }

  @Override
  public Optional<CaptureState> capture(InstallationId installation, String task)
      throws RuntimeUnavailableException {
    return captures.state(installation, task);
  }

  @Override
  public void endCapture(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    captures.end(installation, task, fence);
  }

  @Override
  public void readCapture(InstallationId installation, String task, OutputStream out)
      throws RuntimeUnavailableException, CaptureRefusedException, IOException {
    captures.read(installation, task, out);
  }

  @Override
  public void removeCapture(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    captures.remove(installation, task, fence);
  }

  @Override
  public Set<String> captures(InstallationId installation) throws RuntimeUnavailableException {
    return captures.tasks(installation);
  }

  @Override
  public Optional<String> noCoreDumpsBecause(
      InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    return dumps.pattern(installation, group, fence).noFilesBecause();
  }

  @Override
  public void readCoreDump(String engineId, long mostBytes, Fence fence, OutputStream out)
      throws RuntimeUnavailableException,
          StaleFenceException,
          CoreDumpMissingException,
          IOException {
    dumps.read(engineId, mostBytes, fence, out);
  }

  @Override
  public void removeDisk(InstallationId installation, String disk, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    disks.remove(installation, disk, fence);
  }

  @Override
  public Set<String> disks(InstallationId installation) throws RuntimeUnavailableException {
    return disks.ids(installation);
  }

  @Override
  public AutoCloseable watch(InstallationId installation, Consumer<ContainerGroupId> changed) {
    watchers.add(changed);
    EngineEvents following = new EngineEvents(calls, views, installation, changed);
    events.add(following);
    following.start();
    return () -> {
      watchers.remove(changed);
      events.remove(following);
      following.close();
    };
  }

  /** Leaves everything in the engine as it is. */
  @Override
  public void close() {
    events.forEach(EngineEvents::close);
    images.close();
    measuring.close();
    statistics.close();
    stops.close();
    ending.close();
    commits.close();
    data.close();
    calls.close();
  }
}
