package io.podyard.runtime.pod;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Handler;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.HostImage;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.StaleFenceException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An engine in memory whose containers live as a script says. What happens with time is worked out
 * from the clock when somebody looks. It remembers all it was asked to do.
 */
final class ScriptedEngine implements ContainerEngine {

  private static final String IP = "10.0.0.7";

  /** Called around each change with its words, for example {@code start app 1}. */
  interface Gate {
    void before(String call);

    void after(String call);
  }

  private record Key(InstallationId installation, ContainerGroupId group) {}

  static final class Made {
    final ContainerName name;
    final String engineId;
    final long epoch;
    final Life life;
    @Nullable Instant since;
    @Nullable Instant stopAt;
    int stopCode;

    Made(ContainerName name, String engineId, long epoch, Life life) {
      this.name = name;
      this.engineId = engineId;
      this.epoch = epoch;
      this.life = life;
    }

    /** When it ended or will end, null if nothing ends it. */
    @Nullable Instant end() {
      Instant own = since == null || life.runs() == null ? null : since.plus(life.runs());
      if (own == null || stopAt == null) {
        return own == null ? stopAt : own;
      }
      return own.isBefore(stopAt) ? own : stopAt;
    }

    ContainerView.Status status(Instant now) {
      if (since == null) {
        return new ContainerView.Status.Created();
      }
      Instant end = end();
      if (end == null || end.isAfter(now)) {
        return new ContainerView.Status.Running(since);
      }
      boolean stopped = end.equals(stopAt);
      return new ContainerView.Status.Exited(
          stopped ? stopCode : life.exitCode(),
          !stopped && life.oomKilled(),
          "",
          stopped ? "" : life.message(),
          since,
          end);
    }
  }

  private record Fetch(int retry, Instant readyAt, ImageView.@Nullable Failed failed) {}

  private final Map<String, InstallationId> commits = new LinkedHashMap<>();
  private final Map<String, CaptureOrder> captures = new LinkedHashMap<>();
  private final SteppedClock clock;
  private final Map<String, Long> usage = new LinkedHashMap<>();
  private long written;
  private final Map<Key, String> sandboxes = new LinkedHashMap<>();
  private final Map<Key, Boolean> deadSandboxes = new LinkedHashMap<>();
  private final Map<String, Made> containers = new LinkedHashMap<>();
  private final Map<String, Boolean> present = new LinkedHashMap<>();
  private final Map<String, Fetch> fetches = new LinkedHashMap<>();
  private final Map<String, List<ImageView.Failed>> pullFailures = new LinkedHashMap<>();
  private final Map<String, List<Life>> lives = new LinkedHashMap<>();
  private final Map<String, List<CheckResult>> checks = new LinkedHashMap<>();
  private int brokenChecks;
  private final List<String> calls = new ArrayList<>();
  private final List<Made> everStarted = new ArrayList<>();
  private final Map<String, String> keptLogs = new LinkedHashMap<>();
  Duration pullTakes = Duration.ZERO;

  /** What is told of images that were fetched. */
  final Map<String, ImageView.Present> arrivals = new LinkedHashMap<>();

  long pulledBytes = 1;

  /** How far its own clock is ahead of everybody else's. */
  Duration ahead = Duration.ZERO;

  private Gate gate =
      new Gate() {
        @Override
        public void before(String call) {}

        @Override
        public void after(String call) {}
      };
  private int ids;

  ScriptedEngine(SteppedClock clock) {
    this.clock = clock;
  }

  // The script

  void gate(Gate next) {
    gate = next;
  }

  void present(String... images) {
    for (String image : images) {
      present.put(image, true);
    }
  }

  void absent(String image) {
    present.remove(image);
  }

  void failPulls(String image, ImageView.Failed... failures) {
    pullFailures.put(image, new ArrayList<>(List.of(failures)));
  }

  /** One life for each attempt; the last one is also that of all later attempts. */
  void lives(String container, Life... each) {
    lives.put(container, List.of(each));
  }

  private Life life(ContainerName name) {
    List<Life> all = lives.getOrDefault(name.container(), List.of(Life.STAYS));
    return all.get(Math.min(name.attempt(), all.size()) - 1);
  }

  /** The host lost everything. */
  void wipe() {
    sandboxes.clear();
    containers.clear();
    fetches.clear();
  }

  void killSandboxes() {
    sandboxes.keySet().forEach(key -> deadSandboxes.put(key, true));
  }

  /** Makes and starts a container behind the driver's back, as a driver without its lease would. */
  void plant(ContainerName name) {
    Made made = new Made(name, "planted-" + ids++, 0, Life.STAYS);
    made.since = clock.instant();
    containers.put(made.engineId, made);
  }

  /** Carries out a create that nobody waits for any more. */
  void createLate(ContainerName name) {
    Made made = new Made(name, "late-" + ids++, 0, Life.STAYS);
    containers.put(made.engineId, made);
  }

  void dropContainer(String container) {
    containers.values().removeIf(made -> made.name.container().equals(container));
  }

  // What was seen

  List<String> calls() {
    return List.copyOf(calls);
  }

  List<Made> everStarted() {
    return List.copyOf(everStarted);
  }

  boolean empty() {
    return sandboxes.isEmpty() && containers.isEmpty();
  }

  long running() {
    return containers.values().stream()
        .filter(m -> m.status(clock.instant()) instanceof ContainerView.Status.Running)
        .count();
  }

  /** When something happens next by itself. */
  Optional<Instant> nextEvent() {
    Stream<Instant> ends = containers.values().stream().map(Made::end).flatMap(Stream::ofNullable);
    Stream<Instant> pulls = fetches.values().stream().map(Fetch::readyAt);
    return Stream.concat(ends, pulls)
        .filter(at -> at.isAfter(clock.instant()))
        .min(Instant::compareTo);
  }

  // The engine

  private interface Change {
    void make() throws ContainerRefusedException;
  }

  private void change(String words, Fence fence, Change change)
      throws StaleFenceException, ContainerRefusedException {
    fence.check();
    gate.before(words);
    calls.add(words);
    change.make();
    gate.after(words);
  }

  private void changeSurely(String words, Fence fence, Runnable change) throws StaleFenceException {
    try {
      change(words, fence, change::run);
    } catch (ContainerRefusedException e) {
      throw new AssertionError("nothing refuses " + words, e);
    }
  }

  @Override
  public HostReport report() {
    return new HostReport("scripted", Size.of(1000, 1024), "amd64");
  }

  @Override
  public EngineView view(InstallationId installation, ContainerGroupId group) {
    Key key = new Key(installation, group);
    String id = sandboxes.get(key);
    List<SandboxView> sandbox =
        id == null
            ? List.of()
            : List.of(new SandboxView(id, !deadSandboxes.containsKey(key), IP, 1));
    List<ContainerView> views =
        containers.values().stream()
            .filter(m -> m.name.installation().equals(installation) && m.name.group().equals(group))
            .map(
                m ->
                    new ContainerView(
                        m.engineId,
                        m.name.container(),
                        m.name.attempt(),
                        m.epoch,
                        onOwnClock(m.status(clock.instant()))))
            .toList();
    return new EngineView(sandbox, views, clock.instant().plus(ahead));
  }

  private ContainerView.Status onOwnClock(ContainerView.Status status) {
    return switch (status) {
      case ContainerView.Status.Created created -> created;
      case ContainerView.Status.Running(Instant since) ->
          new ContainerView.Status.Running(since.plus(ahead));
      case ContainerView.Status.Exited(
              int code,
              boolean oomKilled,
              String error,
              String message,
              Instant startedAt,
              Instant finishedAt) ->
          new ContainerView.Status.Exited(
              code, oomKilled, error, message, startedAt.plus(ahead), finishedAt.plus(ahead));
    };
  }

  /** What the containers of the group wrote beside volumes, in bytes. */
  void writes(long bytes) {
    written = bytes;
  }

  /** What a volume takes from now on. */
  void takes(String volume, long bytes) {
    usage.put(volume, bytes);
  }

  @Override
  public DiskUsage diskUsage(InstallationId installation, ContainerGroupId group, GroupSpec spec) {
    return new DiskUsage(usage, written);
  }

  @Override
  public List<ContainerGroupId> groups(InstallationId installation) {
    return Stream.concat(
            sandboxes.keySet().stream(),
            containers.values().stream().map(m -> new Key(m.name.installation(), m.name.group())))
        .filter(key -> key.installation().equals(installation))
        .map(Key::group)
        .distinct()
        .toList();
  }

  @Override
  public void createSandbox(SandboxOrder order, Fence fence) throws StaleFenceException {
    Key key = new Key(order.installation(), order.group());
    changeSurely("sandbox", fence, () -> sandboxes.putIfAbsent(key, "sandbox-" + ids++));
  }

  @Override
  public void updateSandbox(SandboxOrder order, Fence fence) throws StaleFenceException {
    changeSurely("update sandbox", fence, () -> {});
  }

  /** What comes of the checks of a container from now on, the last of all later ones. */
  void checks(String container, CheckResult... results) {
    checks.put(container, new ArrayList<>(List.of(results)));
  }

  /** The engine comes to grief over so many checks from now on. */
  void breakChecks(int times) {
    brokenChecks = times;
  }

  @Override
  public CheckResult check(
      InstallationId installation,
      ContainerGroupId group,
      String engineId,
      Handler handler,
      String ip,
      Duration timeout)
      throws NoSuchContainerException {
    Made made = containers.get(engineId);
    if (made == null || !(made.status(clock.instant()) instanceof ContainerView.Status.Running)) {
      throw new NoSuchContainerException("does not run: " + engineId);
    }
    String words =
        switch (handler) {
          case Handler.Exec exec -> "exec " + String.join(" ", exec.command());
          case Handler.HttpGet get -> "get " + get.port() + get.path();
          case Handler.TcpSocket socket -> "connect " + socket.port();
        };
    String call = "check " + made.name.container() + " " + made.name.attempt() + " " + words;
    gate.before(call);
    calls.add(call);
    if (brokenChecks > 0) {
      brokenChecks--;
      throw new IllegalStateException("broken check");
    }
    List<CheckResult> results = checks.getOrDefault(made.name.container(), List.of());
    if (results.isEmpty()) {
      return new CheckResult(true, "");
    }
    return results.size() == 1 ? results.getFirst() : results.removeFirst();
  }

  @Override
  public ImageView image(ContainerGroupId group, String image) {
    Fetch fetch = fetches.get(image);
    if (fetch != null && fetch.readyAt().isAfter(clock.instant())) {
      return new ImageView.Pulling(pulledBytes, 2000, pulledBytes / 2);
    }
    if (fetch != null && fetch.failed() != null) {
      return fetch.failed();
    }
    if (fetch != null) {
      fetches.remove(image);
      present.put(image, true);
    }
    return present.containsKey(image)
        ? arrivals.getOrDefault(image, new ImageView.Present())
        : new ImageView.Absent();
  }

  @Override
  public void beginPull(PullOrder order, Fence fence) throws StaleFenceException {
    String image = order.image();
    changeSurely(
        "pull " + image + " " + order.retry(),
        fence,
        () -> {
          ImageView view = image(order.group(), image);
          Fetch fetch = fetches.get(image);
          if (view instanceof ImageView.Pulling
              || (fetch != null && fetch.retry() >= order.retry())) {
            return;
          }
          List<ImageView.Failed> failures = pullFailures.getOrDefault(image, List.of());
          ImageView.Failed failed = failures.isEmpty() ? null : failures.removeFirst();
          fetches.put(image, new Fetch(order.retry(), clock.instant().plus(pullTakes), failed));
        });
  }

  @Override
  public void createContainer(ContainerOrder order, Fence fence)
      throws StaleFenceException, ContainerRefusedException {
    ContainerName name = order.name();
    change(
        "create " + name.container() + " " + name.attempt(),
        fence,
        () -> {
          if (containers.values().stream().anyMatch(m -> m.name.equals(name))) {
            return;
          }
          Life life = life(name);
          if (life.refusedAtCreate()) {
            throw new ContainerRefusedException("CreateContainerError", "no such user");
          }
          Made made = new Made(name, "container-" + ids++, fence.epoch(), life);
          containers.put(made.engineId, made);
        });
  }

  @Override
  public void startContainer(String engineId, Fence fence)
      throws StaleFenceException, ContainerRefusedException {
    Made made = containers.get(engineId);
    if (made == null) {
      return;
    }
    change(
        "start " + made.name.container() + " " + made.name.attempt(),
        fence,
        () -> {
          if (made.life.refusedAtStart()) {
            throw new ContainerRefusedException("ContainerCannotRun", "no such program");
          }
          if (made.since == null) {
            made.since = clock.instant();
            everStarted.add(made);
          }
        });
  }

  @Override
  public void beginStop(String engineId, Duration grace, Fence fence) throws StaleFenceException {
    Made made = containers.get(engineId);
    if (made == null) {
      return;
    }
    changeSurely(
        "stop " + made.name.container() + " " + grace.toSeconds(),
        fence,
        () -> {
          Instant at = clock.instant();
          boolean killed = made.life.ignoresStop() || grace.isZero();
          Instant end = made.life.ignoresStop() ? at.plus(grace) : at;
          if (made.stopAt == null || end.isBefore(made.stopAt)) {
            made.stopAt = end;
            made.stopCode = killed ? 137 : 143;
          }
        });
  }

  @Override
  public void removeContainer(String engineId, Fence fence) throws StaleFenceException {
    Made made = containers.get(engineId);
    if (made == null) {
      return;
    }
    changeSurely(
        "remove " + made.name.container() + " " + made.name.attempt(),
        fence,
        () -> {
          containers.remove(engineId);
          keptLogs.put(made.name.toString(), "log of " + made.name.attempt());
        });
  }

  @Override
  public void removeSandbox(InstallationId installation, ContainerGroupId group, Fence fence)
      throws StaleFenceException {
    Key key = new Key(installation, group);
    changeSurely(
        "remove sandbox",
        fence,
        () -> {
          sandboxes.remove(key);
          deadSandboxes.remove(key);
          fetches.clear();
        });
  }

  @Override
  public void forgetLogs(InstallationId installation, ContainerGroupId group) {
    keptLogs.clear();
  }

  @Override
  public String logs(ContainerName name, LogQuery query) throws NoSuchContainerException {
    String kept = keptLogs.get(name.toString());
    if (kept != null) {
      return kept;
    }
    if (containers.values().stream().noneMatch(m -> m.name.equals(name))) {
      throw new NoSuchContainerException("no " + name);
    }
    return "log of " + name.attempt();
  }

  @Override
  public List<Integer> loggedAttempts(
      InstallationId installation, ContainerGroupId group, String container) {
    Collection<Integer> there =
        containers.values().stream()
            .filter(m -> m.name.container().equals(container))
            .map(m -> m.name.attempt())
            .toList();
    String prefix = installation + "-" + group + "-" + container + "-";
    Stream<Integer> kept =
        keptLogs.keySet().stream()
            .filter(name -> name.startsWith(prefix))
            .map(name -> Integer.valueOf(name.substring(prefix.length())));
    return Stream.concat(there.stream(), kept).distinct().sorted().toList();
  }

  @Override
  public ExecResult exec(String engineId, List<String> command, Duration timeout)
      throws NoSuchContainerException {
    Made made = containers.get(engineId);
    if (made == null) {
      throw new NoSuchContainerException("no " + engineId);
    }
    return new ExecResult(0, made.name.attempt() + " " + String.join(" ", command));
  }

  @Override
  public void commit(String engineId, CommitOrder order, Fence fence)
      throws StaleFenceException, NoSuchContainerException {
    fence.check();
    if (!containers.containsKey(engineId)) {
      throw new NoSuchContainerException("no " + engineId);
    }
    commits.put(order.task(), order.installation());
  }

  @Override
  public void push(PushOrder order, Fence fence)
      throws StaleFenceException, ImageNotPushedException {
    fence.check();
    if (!commits.containsKey(order.task())) {
      throw new ImageNotPushedException("no image of " + order.task());
    }
  }

  @Override
  public void removeCommitted(InstallationId installation, String task, Fence fence)
      throws StaleFenceException {
    fence.check();
    commits.remove(task, installation);
  }

  @Override
  public Set<String> committed(InstallationId installation) {
    return commits.entrySet().stream()
        .filter(commit -> commit.getValue().equals(installation))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  @Override
  public void removeDisk(InstallationId installation, String disk, Fence fence)
      throws StaleFenceException {
    fence.check();
  }

  @Override
  public List<HeldImage> hold(ImageCopyOrder order, Fence fence, CopyProgress progress) {
    return List.of();
  }

  @Override
  public void release(InstallationId installation, String cache, Fence fence) {}

  @Override
  public Set<String> held(InstallationId installation) {
    return Set.of();
  }

  @Override
  public HeldData holdData(DataCopyOrder order, Fence fence, DataProgress progress) {
    return new HeldData("sha256:none", 0, 0);
  }

  @Override
  public void releaseData(InstallationId installation, String cache, Fence fence) {}

  @Override
  public Set<String> heldData(InstallationId installation) {
    return Set.of();
  }

  @Override
  public List<HostImage> images() {
    return List.of();
  }

  @Override
  public Set<String> disks(InstallationId installation) {
    return Set.of();
  }

  @Override
  public void beginCapture(String sandbox, CaptureOrder order, Fence fence)
      throws StaleFenceException, CaptureRefusedException {
    fence.check();
    if (!sandboxes.containsValue(sandbox)) {
      throw new CaptureRefusedException("no " + sandbox);
    }
    captures.put(order.task(), order);
  }

  @Override
  public Optional<CaptureState> capture(InstallationId installation, String task) {
    return captures.containsKey(task) ? Optional.of(new CaptureState.Running()) : Optional.empty();
  }

  @Override
  public void endCapture(InstallationId installation, String task, Fence fence)
      throws StaleFenceException {
    fence.check();
  }

  @Override
  public void readCapture(InstallationId installation, String task, OutputStream out)
      throws CaptureRefusedException {
    throw new CaptureRefusedException("nothing is captured");
  }

  @Override
  public void removeCapture(InstallationId installation, String task, Fence fence)
      throws StaleFenceException {
    fence.check();
    captures.remove(task);
  }

  @Override
  public Set<String> captures(InstallationId installation) {
    return Set.copyOf(captures.keySet());
  }

  @Override
  public Optional<String> noCoreDumpsBecause(
      InstallationId installation, ContainerGroupId group, Fence fence) {
    return Optional.empty();
  }

  @Override
  public void readCoreDump(String engineId, long mostBytes, Fence fence, OutputStream out)
      throws CoreDumpMissingException, IOException {
    Made made = containers.get(engineId);
    if (made == null) {
      throw new CoreDumpMissingException("there is no " + engineId);
    }
    out.write(("core of " + made.name.attempt()).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ExecSession open(String engineId, ExecOrder order) throws NoSuchContainerException {
    throw new NoSuchContainerException("nobody talks with " + engineId);
  }

  @Override
  public LogStream follow(ContainerName name, LogQuery query) throws NoSuchContainerException {
    throw new NoSuchContainerException("nobody follows " + name);
  }

  @Override
  public AutoCloseable watch(InstallationId installation, Consumer<ContainerGroupId> changed) {
    return () -> {};
  }

  @Override
  public void close() {}
}
