package io.podyard.runtime.pod;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.Fence;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupJournal;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.GroupStatistics;
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
import io.podyard.runtime.PullProgress;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Groups on hosts whose engines know only containers. */
public final class PodRuntime implements GroupRuntime {

  /** More than any group needs that moves at all; a bound, so that none can hold its driver. */
  private static final int MOST_ROUNDS = 100;

  private final String name;
  private final Function<HostId, @Nullable ContainerEngine> engines;
  private final HostRevisions revisions;
  private final InstantSource clock;
  private final PodPlanner planner;
  private final Map<GroupKey, Set<Attempted.Begun>> begun = new ConcurrentHashMap<>();
  private final Map<Consumer<GroupKey>, Boolean> watchers = new ConcurrentHashMap<>();
  private final CheckRunner checks;

  /**
   * @param name of the runtime, as pools name it
   * @param engines the engine of a host, null if there is none by that name; they belong to the
   *     caller, {@link #close} leaves them open
   */
  public PodRuntime(
      String name,
      Function<HostId, @Nullable ContainerEngine> engines,
      InstantSource clock,
      PodSettings settings) {
    this(name, engines, Optional::empty, clock, settings);
  }

  /**
   * The same with somebody who answers for all hosts.
   *
   * @param revisions what the engines of all hosts are at
   */
  public PodRuntime(
      String name,
      Function<HostId, @Nullable ContainerEngine> engines,
      HostRevisions revisions,
      InstantSource clock,
      PodSettings settings) {
    this(name, engines, revisions, clock, settings, new ThreadTimer(clock));
  }

  PodRuntime(
      String name,
      Function<HostId, @Nullable ContainerEngine> engines,
      InstantSource clock,
      PodSettings settings,
      Timer timer) {
    this(name, engines, Optional::empty, clock, settings, timer);
  }

  private PodRuntime(
      String name,
      Function<HostId, @Nullable ContainerEngine> engines,
      HostRevisions revisions,
      InstantSource clock,
      PodSettings settings,
      Timer timer) {
    this.name = name;
    this.engines = engines;
    this.revisions = revisions;
    this.clock = clock;
    this.planner = new PodPlanner(settings);
    this.checks =
        new CheckRunner(
            clock, timer, key -> watchers.keySet().forEach(watcher -> watcher.accept(key)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public HostReport report(HostId host) throws RuntimeUnavailableException {
    return engine(host).report();
  }

  @Override
  public Optional<Map<HostId, Long>> revisions() throws RuntimeUnavailableException {
    return revisions.ask();
  }

  @Override
  public List<FoundGroup> list(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return engine(host).views(installation).entrySet().stream()
        .map(entry -> found(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparing(FoundGroup::group))
        .toList();
  }

  @Override
  public List<GroupStatistics> statistics(
      InstallationId installation, HostId host, Collection<GroupLimits> groups)
      throws RuntimeUnavailableException {
    return groups.isEmpty() ? List.of() : engine(host).statistics(installation, groups);
  }

  private static FoundGroup found(ContainerGroupId group, EngineView view) {
    return new FoundGroup(
        group,
        view.sandboxes().size(),
        view.containers().stream()
            .map(
                c ->
                    new FoundGroup.FoundContainer(
                        c.engineId(),
                        c.container(),
                        c.attempt(),
                        c.epoch(),
                        c.status() instanceof ContainerView.Status.Running))
            .toList());
  }

  @Override
  public Optional<Instant> drive(GroupOrder first, Fence fence, GroupJournal journal)
      throws RuntimeUnavailableException, StaleFenceException {
    GroupKey key = GroupKey.of(first);
    ContainerEngine engine = engine(first.host());
    Set<Attempted.Refusal> refusals = new HashSet<>();
    Set<EngineAction> done = new HashSet<>();
    GroupOrder order = first;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Instant before = clock.instant();
      Observation engines =
          engine.observe(order.installation(), order.group(), planner.images(order));
      Instant now = clock.instant();
      Observation seen = EngineTime.onOurs(engines, before, now);
      DiskUsage diskUsage =
          VolumeLimits.matter(order)
              ? engine.diskUsage(order.installation(), order.group(), order.spec())
              : DiskUsage.NONE;
      Attempted attempted =
          new Attempted(begun.getOrDefault(key, Set.of()), refusals, checks.of(key));
      Plan plan = planner.plan(order, seen, diskUsage, attempted, now);
      if (!plan.next().equals(order.stored()) || !plan.occurrences().isEmpty()) {
        if (!journal.commit(plan.next(), plan.occurrences())) {
          begun.remove(key);
          checks.forget(key);
          return Optional.empty();
        }
        forgetBegun(key, plan.next());
      }
      order = with(order, plan.next(), before);
      boolean acted = false;
      for (EngineAction action : plan.actions()) {
        if (done.add(action)) {
          acted = true;
          new EngineCall(engine, order, fence, journal, checks, clock)
              .perform(action)
              .ifPresent(refusals::add);
          remember(key, action);
        }
      }
      // A commit may make a container wait whose image was not looked for.
      if (!acted && seen.images().keySet().containsAll(planner.images(order))) {
        if (order.stored().phase() == GroupPhase.GONE) {
          begun.remove(key);
        }
        checks.follow(engine, order, seen.view(), fence);
        return Optional.ofNullable(plan.wakeAt());
      }
    }
    return Optional.of(clock.instant());
  }

  /**
   * @param seen when all that the state says to be on the host was there
   */
  private static GroupOrder with(GroupOrder order, GroupState stored, Instant seen) {
    return new GroupOrder(
        order.installation(),
        order.account(),
        order.group(),
        order.host(),
        order.spec(),
        order.generation(),
        order.goal(),
        stored,
        seen,
        order.gpus());
  }

  private void remember(GroupKey key, EngineAction action) {
    Attempted.@Nullable Begun work =
        switch (action) {
          case EngineAction.BeginPull(String image, int retry) ->
              new Attempted.Begun.Pull(image, retry);
          case EngineAction.BeginStop(String engineId, Instant killAt) ->
              new Attempted.Begun.Stop(engineId, killAt);
          case EngineAction.RemoveSandbox _ -> new Attempted.Begun.Removal();
          case EngineAction.BeginHook(var hook, String container, int attempt, _, Instant until) ->
              new Attempted.Begun.Hook(hook, container, attempt, until);
          case EngineAction.UpdateSandbox(long generation) ->
              new Attempted.Begun.SandboxUpdate(generation);
          case EngineAction.CreateSandbox _,
              EngineAction.CreateContainer _,
              EngineAction.StartContainer _,
              EngineAction.Kill _,
              EngineAction.TakeCoreDump _,
              EngineAction.RemoveContainer _ ->
              null;
        };
    if (work != null) {
      begun.computeIfAbsent(key, _ -> ConcurrentHashMap.newKeySet()).add(work);
    }
  }

  private void forgetBegun(GroupKey key, GroupState state) {
    if (state.phase() == GroupPhase.GONE) {
      begun.remove(key);
      return;
    }
    Set<Attempted.Begun> here = begun.get(key);
    if (here == null) {
      return;
    }
    for (PullProgress pull : state.pulls()) {
      if (pull.finishedAt() != null || pull.notBefore() != null) {
        here.removeIf(
            work ->
                work instanceof Attempted.Begun.Pull(String image, int _)
                    && image.equals(pull.image()));
      }
    }
    if (here.isEmpty() || state.endedAt() != null) {
      begun.remove(key);
    }
  }

  @Override
  public void removeUnknown(
      InstallationId installation, HostId host, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    ContainerEngine engine = engine(host);
    for (ContainerView container : engine.view(installation, group).containers()) {
      engine.removeContainer(container.engineId(), fence);
    }
    engine.removeSandbox(installation, group, fence);
  }

  @Override
  public void forget(InstallationId installation, HostId host, ContainerGroupId group) {
    GroupKey key = new GroupKey(installation, host, group);
    begun.remove(key);
    checks.forget(key);
    ContainerEngine engine = engines.apply(host);
    if (engine != null) {
      engine.forgetLogs(installation, group);
    }
  }

  @Override
  public void abandon(InstallationId installation, HostId host, ContainerGroupId group) {
    GroupKey key = new GroupKey(installation, host, group);
    begun.remove(key);
    checks.forget(key);
  }

  @Override
  public AutoCloseable watch(
      InstallationId installation, HostId host, Consumer<ContainerGroupId> changed) {
    ContainerEngine engine = engines.apply(host);
    if (engine == null) {
      return () -> {};
    }
    Consumer<GroupKey> watcher =
        key -> {
          if (key.installation().equals(installation) && key.host().equals(host)) {
            changed.accept(key.group());
          }
        };
    watchers.put(watcher, true);
    AutoCloseable engines = engine.watch(installation, changed);
    return () -> {
      watchers.remove(watcher);
      engines.close();
    };
  }

  @Override
  public String logs(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    ContainerEngine engine = engine(host);
    List<Integer> attempts = engine.loggedAttempts(installation, group, container);
    if (attempts.isEmpty()) {
      throw new NoSuchContainerException("there is no log of container " + container);
    }
    int attempt = attempts.getLast();
    if (query.previous()) {
      attempt--;
      if (!attempts.contains(attempt)) {
        throw new NoSuchContainerException(
            "there is no log of an attempt of container " + container + " before the current one");
      }
    }
    return engine.logs(new ContainerName(installation, group, container, attempt), query);
  }

  @Override
  public ExecResult exec(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      List<String> command,
      Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException {
    ContainerEngine engine = engine(host);
    return engine.exec(running(engine, installation, group, container), command, timeout);
  }

  @Override
  public ExecSession open(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      ExecOrder order)
      throws RuntimeUnavailableException, NoSuchContainerException {
    ContainerEngine engine = engine(host);
    return engine.open(running(engine, installation, group, container), order);
  }

  /** The engine's id of the attempt that runs. */
  private static String running(
      ContainerEngine engine, InstallationId installation, ContainerGroupId group, String container)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return engine.view(installation, group).containers().stream()
        .filter(c -> c.container().equals(container))
        .filter(c -> c.status() instanceof ContainerView.Status.Running)
        .max(Comparator.comparingInt(ContainerView::attempt))
        .map(ContainerView::engineId)
        .orElseThrow(
            () -> new NoSuchContainerException("container " + container + " does not run"));
  }

  @Override
  public void commit(CommitOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          NoSuchContainerException,
          ImageNotPushedException {
    ContainerEngine engine = engine(order.host());
    // Made before whoever made it died, perhaps with the container since.
    if (!engine.committed(order.installation()).contains(order.task())) {
      String running = running(engine, order.installation(), order.group(), order.container());
      try {
        engine.commit(running, order, fence);
      } catch (ImageNotPushedException e) {
        throw plainly(e);
      }
    }
  }

  @Override
  public void push(PushOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotPushedException,
          InterruptedException {
    try {
      engine(order.host()).push(order, fence);
    } catch (ImageNotPushedException e) {
      throw plainly(e);
    }
  }

  private static ImageNotPushedException plainly(ImageNotPushedException e) {
    return new ImageNotPushedException(PlainWords.message(String.valueOf(e.getMessage())), e);
  }

  @Override
  public void removeCommitted(InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine(host).removeCommitted(installation, task, fence);
  }

  @Override
  public Set<String> committed(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return engine(host).committed(installation);
  }

  @Override
  public List<HeldImage> hold(ImageCopyOrder order, Fence fence, CopyProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotFetchedException,
          InterruptedException {
    try {
      return engine(order.host()).hold(order, fence, progress);
    } catch (ImageNotFetchedException e) {
      ImageNotFetchedException plain =
          new ImageNotFetchedException(
              PlainWords.reason(e.reason()),
              PlainWords.message(String.valueOf(e.getMessage())),
              e.retryAfterSeconds());
      plain.initCause(e);
      throw plain;
    }
  }

  @Override
  public void release(InstallationId installation, HostId host, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine(host).release(installation, cache, fence);
  }

  @Override
  public Set<String> held(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return engine(host).held(installation);
  }

  @Override
  public HeldData holdData(DataCopyOrder order, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException {
    return engine(order.host()).holdData(order, fence, progress);
  }

  @Override
  public void releaseData(InstallationId installation, HostId host, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine(host).releaseData(installation, cache, fence);
  }

  @Override
  public Set<String> heldData(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return engine(host).heldData(installation);
  }

  @Override
  public List<HostImage> imagesOn(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return engine(host).images();
  }

  @Override
  public boolean beginCapture(CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    ContainerEngine engine = engine(order.host());
    return CaptureStart.begin(engine, order, fence);
  }

  @Override
  public Optional<CaptureState> capture(InstallationId installation, HostId host, String task)
      throws RuntimeUnavailableException {
    return engine(host)
        .capture(installation, task)
        .map(
            state ->
                switch (state) {
                  case CaptureState.Running running -> running;
                  case CaptureState.Ended(boolean captured, String words) ->
                      new CaptureState.Ended(captured, PlainWords.message(words));
                });
  }

  @Override
  public void endCapture(InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine(host).endCapture(installation, task, fence);
  }

  @Override
  public void readCapture(InstallationId installation, HostId host, String task, OutputStream out)
      throws RuntimeUnavailableException, CaptureRefusedException, IOException {
    engine(host).readCapture(installation, task, out);
  }

  @Override
  public void removeCapture(InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine(host).removeCapture(installation, task, fence);
  }

  @Override
  public Set<String> captures(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return engine(host).captures(installation);
  }

  @Override
  public Optional<String> noCoreDumpsBecause(
      InstallationId installation, HostId host, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    return engine(host).noCoreDumpsBecause(installation, group, fence);
  }

  @Override
  public void removeDisk(InstallationId installation, HostId host, String disk, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine(host).removeDisk(installation, disk, fence);
  }

  @Override
  public Set<String> disks(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return engine(host).disks(installation);
  }

  @Override
  public LogStream follow(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      int firstAttempt,
      LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    ContainerEngine engine = engine(host);
    // In this order: what is made in between is not among them yet.
    List<Integer> attempts = engine.loggedAttempts(installation, group, container);
    // What has not been started has no end to its log either.
    Set<Integer> unstarted =
        engine.view(installation, group).containers().stream()
            .filter(c -> c.container().equals(container))
            .filter(c -> c.status() instanceof ContainerView.Status.Created)
            .map(ContainerView::attempt)
            .collect(Collectors.toSet());
    List<Integer> started =
        attempts.stream()
            .filter(attempt -> !unstarted.contains(attempt) && attempt >= firstAttempt)
            .toList();
    if (started.isEmpty()) {
      throw new NoSuchContainerException(
          "there is no run of container " + container + " to follow");
    }
    int attempt = firstAttempt == 0 ? started.getLast() : started.getFirst();
    return engine.follow(new ContainerName(installation, group, container, attempt), query);
  }

  /** Forgets what it remembers and probes no more; the engines stay open. */
  @Override
  public void close() {
    checks.close();
    begun.clear();
  }

  private ContainerEngine engine(HostId host) throws RuntimeUnavailableException {
    ContainerEngine engine = engines.apply(host);
    if (engine == null) {
      throw new RuntimeUnavailableException("no engine is known of host " + host);
    }
    return engine;
  }
}
