package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.CoreDumpReceiver;
import io.podyard.runtime.Fence;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupJournal;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One group on a scripted engine with a stepped clock; checks each commit against the rules. */
final class TestPod implements GroupJournal {

  static final InstallationId INSTALLATION = new InstallationId("inst");
  static final ContainerGroupId GROUP = new ContainerGroupId("eci-1");
  static final HostId HOST = new HostId("host-1");
  static final Fence FENCE =
      new Fence() {
        @Override
        public long epoch() {
          return 1;
        }

        @Override
        public void check() {}
      };

  final SteppedClock clock = new SteppedClock();
  final ScriptedEngine engine = new ScriptedEngine(clock);
  final List<GroupState> history = new ArrayList<>();
  final List<Occurrence> occurrences = new ArrayList<>();
  SteppedTimer timer = new SteppedTimer(clock);
  private GroupSpec spec;
  private long generation = 1;
  private boolean changed;
  PodRuntime runtime = freshRuntime();
  ContainerGroupId group = GROUP;
  Goal goal = new Goal.Run();
  GroupState stored;
  Optional<Instant> wakeAt = Optional.empty();

  /** Who waits for a core dump. */
  @Nullable CoreDumpReceiver coreDumps;

  /** As a control plane knows it: null as long as no test says anything. */
  @Nullable Instant lastSeen;

  TestPod(GroupSpec spec) {
    this.spec = spec;
    stored = GroupState.initial(spec);
    engine.present(Specs.IMAGE);
  }

  private PodRuntime freshRuntime() {
    PodRuntime fresh = new PodRuntime("test", _ -> engine, clock, PodSettings.DEFAULTS, timer);
    var _ = fresh.watch(INSTALLATION, HOST, _ -> changed = true);
    return fresh;
  }

  /** Another spec is wanted from now on. */
  void update(GroupSpec other) {
    spec = other;
    generation++;
  }

  /** A spec with another limit, which changes nothing on the host. */
  void limit(GroupSpec other) {
    spec = other;
  }

  GroupSpec spec() {
    return spec;
  }

  /** All that was only in memory is gone. */
  void restart() {
    runtime.close();
    timer = new SteppedTimer(clock);
    runtime = freshRuntime();
  }

  @Override
  public boolean commit(GroupState next, List<Occurrence> told) {
    CommitRules.check(goal, stored, next, told);
    stored = next;
    history.add(next);
    occurrences.addAll(told);
    return true;
  }

  @Override
  public Optional<CoreDumpReceiver> coreDumps() {
    return Optional.ofNullable(coreDumps);
  }

  GroupOrder order() {
    return new GroupOrder(
        INSTALLATION, new AccountId("acc"), group, HOST, spec, generation, goal, stored, lastSeen);
  }

  GroupState drive() throws Exception {
    do {
      changed = false;
      wakeAt = runtime.drive(order(), FENCE, this);
      timer.runDue();
    } while (changed);
    return stored;
  }

  GroupState after(Duration time) throws Exception {
    clock.advance(time);
    timer.runDue();
    return drive();
  }

  /** Steps from event to event until the phase is reached, at most 500 steps. */
  GroupState driveTo(GroupPhase phase) throws Exception {
    for (int i = 0; i < 2_000; i++) {
      drive();
      if (stored.phase() == phase) {
        return stored;
      }
      step();
    }
    throw new AssertionError("not " + phase + " but " + stored);
  }

  /** Goes on to the next moment at which anything can change. */
  void step() {
    clock.advanceTo(
        Stream.of(engine.nextEvent(), wakeAt, timer.next())
            .flatMap(Optional::stream)
            .min(Instant::compareTo)
            .orElseThrow(() -> new AssertionError("waits for nothing: " + stored)));
    timer.runDue();
  }

  GroupState end(Duration grace) throws Exception {
    goal = new Goal.End(clock.instant().plus(grace), "Deleted");
    return drive();
  }

  ContainerProgress container(String name) {
    return stored.container(name).orElseThrow();
  }

  ContainerStatus.Waiting waiting(String name) {
    assertThat(container(name).current()).isInstanceOf(ContainerStatus.Waiting.class);
    return (ContainerStatus.Waiting) container(name).current();
  }

  ContainerStatus.Terminated ended(String name) {
    assertThat(container(name).current()).isInstanceOf(ContainerStatus.Terminated.class);
    return (ContainerStatus.Terminated) container(name).current();
  }

  boolean runs(String name) {
    return container(name).current() instanceof ContainerStatus.Running;
  }

  List<String> told() {
    return occurrences.stream().map(Occurrence::reason).toList();
  }
}
