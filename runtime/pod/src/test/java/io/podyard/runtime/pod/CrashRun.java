package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.AccountId;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One random group, driven to its end by processes that keep being killed. */
final class CrashRun implements GroupJournal, ScriptedEngine.Gate {

  private static final int MOST_STEPS = 3000;
  private static final int NEVER_REACHED = 1000;

  private final SplittableRandom random;
  private final SteppedClock clock = new SteppedClock();
  private final ScriptedEngine engine = new ScriptedEngine(clock);
  private final List<String> story = new ArrayList<>();
  private final Set<String> started = new HashSet<>();
  private final RandomGroup groups;
  private GroupSpec spec;
  private long generation = 1;
  private SteppedTimer timer = new SteppedTimer(clock);
  private boolean changed;
  private final boolean mayChange;
  private final double crashChance;
  private final Duration endAfter;
  private final boolean mayWipe;
  private final boolean mayPlant;
  private boolean wiped;
  private PodRuntime runtime;
  private GroupState stored;
  private Goal goal = new Goal.Run();
  private Optional<Instant> wakeAt = Optional.empty();
  private @Nullable Instant firstChargedCall;
  private @Nullable Instant lastRefusal;
  private int crashes;
  private int commits;

  CrashRun(long seed) {
    random = new SplittableRandom(seed);
    groups = new RandomGroup(random);
    spec = groups.spec(engine);
    mayChange = random.nextInt(4) == 0;
    stored = GroupState.initial(spec);
    crashChance = random.nextInt(4) == 0 ? 0.4 : 0.1;
    mayWipe = random.nextInt(10) == 0;
    mayPlant = random.nextInt(10) == 0;
    endAfter = Duration.ofSeconds(random.nextInt(1200));
    runtime = freshRuntime();
    engine.gate(this);
  }

  private PodRuntime freshRuntime() {
    timer.close();
    timer = new SteppedTimer(clock);
    PodRuntime fresh = new PodRuntime("test", _ -> engine, clock, PodSettings.DEFAULTS, timer);
    var _ = fresh.watch(TestPod.INSTALLATION, TestPod.HOST, _ -> changed = true);
    return fresh;
  }

  int crashes() {
    return crashes;
  }

  int attempts() {
    return started.size();
  }

  String story() {
    return String.join("\n", story) + "\n" + spec + "\n" + stored;
  }

  void play() throws Exception {
    for (int i = 0; i < MOST_STEPS; i++) {
      if (stored.phase() == GroupPhase.GONE) {
        checkEnd();
        return;
      }
      chooseGoal();
      disturb();
      if (drive()) {
        if (random.nextInt(8) == 0) {
          assertAtRest();
        }
        step();
      }
    }
    throw new AssertionError("no end after " + MOST_STEPS + " steps");
  }

  /** A host loses everything; a driver without its lease makes something. */
  private void disturb() {
    boolean live =
        switch (stored.phase()) {
          case STARTING, RUNNING, REPLACING -> true;
          case PREPARING, SUCCEEDED, FAILED, STOPPING, STOPPED, GONE -> false;
        };
    if (mayChange && live && goal instanceof Goal.Run && random.nextInt(10) == 0) {
      generation++;
      spec = groups.another(spec, generation);
      story.add(clock.instant() + " another spec, generation " + generation);
    }
    if (mayWipe && !wiped && random.nextInt(20) == 0) {
      wiped = true;
      engine.wipe();
      story.add(clock.instant() + " the host lost everything");
    }
    if (mayPlant && spec.initContainers().isEmpty() && random.nextInt(20) == 0) {
      String name = spec.containers().getFirst().name();
      int attempt = container(name).attempt() + NEVER_REACHED;
      engine.plant(new ContainerName(TestPod.INSTALLATION, TestPod.GROUP, name, attempt));
      story.add(clock.instant() + " somebody made " + name + " " + attempt);
    }
  }

  private void chooseGoal() {
    boolean finished =
        stored.phase() == GroupPhase.SUCCEEDED || stored.phase() == GroupPhase.FAILED;
    if (finished && goal instanceof Goal.Run) {
      goal = random.nextBoolean() ? new Goal.Remove() : new Goal.End(clock.instant(), "Deleted");
      story.add(clock.instant() + " finished, goal " + goal);
    } else if (goal instanceof Goal.Run
        && !clock.instant().isBefore(SteppedClock.START.plus(endAfter))) {
      goal = new Goal.End(clock.instant().plusSeconds(random.nextInt(20)), "Deleted");
      story.add(clock.instant() + " goal " + goal);
    }
  }

  /** Whether the drive came to its end alive. */
  private boolean drive() throws Exception {
    try {
      do {
        changed = false;
        wakeAt =
            runtime.drive(
                new GroupOrder(
                    TestPod.INSTALLATION,
                    new AccountId("acc"),
                    TestPod.GROUP,
                    TestPod.HOST,
                    spec,
                    generation,
                    goal,
                    stored,
                    lastSeen()),
                TestPod.FENCE,
                this);
        timer.runDue();
      } while (changed);
      return true;
    } catch (Gates.Crash e) {
      story.add("  killed " + e.getMessage());
      crashes++;
      runtime = freshRuntime();
      clock.advance(Duration.ofMillis(random.nextInt(30_000)));
      return false;
    }
  }

  /** Nobody knows, or somebody saw it at some time, in the worst case by a clock that is fast. */
  private @Nullable Instant lastSeen() {
    return random.nextInt(3) == 0 ? null : clock.instant().plusSeconds(20 - random.nextInt(600));
  }

  /** Nothing more is to be done at this moment: a second drive neither stores nor does anything. */
  private void assertAtRest() throws Exception {
    int commitsBefore = commits;
    int callsBefore = engine.calls().size();
    if (drive()) {
      assertThat(commits).as("commits of a group at rest").isEqualTo(commitsBefore);
      assertThat(engine.calls()).as("calls of a group at rest").hasSize(callsBefore);
    }
  }

  private void step() {
    Instant end = SteppedClock.START.plus(endAfter);
    Stream<Instant> wakes =
        Stream.of(engine.nextEvent(), wakeAt, timer.next(), Optional.of(end))
            .flatMap(Optional::stream);
    wakes
        .filter(at -> at.isAfter(clock.instant()))
        .min(Instant::compareTo)
        .ifPresent(clock::advanceTo);
  }

  private void mayCrash(String where) {
    if (random.nextDouble() < crashChance) {
      throw new Gates.Crash(where);
    }
  }

  @Override
  public boolean commit(GroupState next, List<Occurrence> told) {
    mayCrash("before a commit");
    CommitRules.check(goal, stored, next, told);
    stored = next;
    commits++;
    if (next.containers().stream().anyMatch(c -> refusedAt(c, clock.instant()))) {
      lastRefusal = clock.instant();
    }
    story.add(clock.instant() + " stored " + next.phase() + words(next));
    mayCrash("after a commit");
    return true;
  }

  private static boolean refusedAt(ContainerProgress container, Instant at) {
    return Stream.of(Optional.of(container.current()), Optional.ofNullable(container.previous()))
        .flatMap(Optional::stream)
        .anyMatch(
            s ->
                s instanceof ContainerStatus.Terminated ended
                    && Set.of("CreateContainerError", "ContainerCannotRun").contains(ended.reason())
                    && ended.finishedAt().equals(at));
  }

  private static String words(GroupState state) {
    StringBuilder words = new StringBuilder();
    for (ContainerProgress c : state.containers()) {
      String status =
          switch (c.current()) {
            case ContainerStatus.Waiting waiting -> waiting.reason();
            case ContainerStatus.Running _ -> "Running";
            case ContainerStatus.Terminated ended -> ended.reason() + " " + ended.exitCode();
          };
      words.append(", ").append(c.name()).append(" ").append(c.attempt()).append(" ");
      words.append(status);
    }
    return words.toString();
  }

  @Override
  public void before(String call) {
    mayCrash("before " + call);
    String[] words = call.split(" ");
    switch (words[0]) {
      case "pull" -> charged();
      case "create" -> {
        charged();
        assertThat(container(words[1]).attempt())
            .as("attempt stored before %s", call)
            .isEqualTo(Integer.parseInt(words[2]));
        assertThat(goal).as("goal at %s", call).isInstanceOf(Goal.Run.class);
      }
      case "start" -> checkStart(words[1]);
      default -> {}
    }
    story.add(clock.instant() + " " + call);
  }

  private void charged() {
    assertThat(stored.chargedFrom()).as("the meter runs").isNotNull();
    if (firstChargedCall == null) {
      firstChargedCall = clock.instant();
    }
  }

  private void checkStart(String name) {
    List<String> init = spec.initContainers().stream().map(c -> c.name()).toList();
    int upTo = init.contains(name) ? init.indexOf(name) : init.size();
    for (String earlier : init.subList(0, upTo)) {
      ContainerStatus status = container(earlier).current();
      assertThat(status)
          .as("%s before %s", earlier, name)
          .isInstanceOfSatisfying(
              ContainerStatus.Terminated.class, t -> assertThat(t.exitCode()).isZero());
    }
    if (init.contains(name)) {
      assertThat(engine.running()).as("containers beside an init container").isZero();
    }
  }

  @Override
  public void after(String call) {
    if (call.startsWith("start ")) {
      // The engine leaves alone what runs already, so a repeated start is no second run.
      started.add(call);
      assertThat(engine.everStarted().stream().map(m -> m.name).distinct().count())
          .as("each attempt runs once")
          .isEqualTo(engine.everStarted().size());
    }
    mayCrash("after " + call);
  }

  private ContainerProgress container(String name) {
    return stored.container(name).orElseThrow();
  }

  private void checkEnd() {
    assertThat(engine.empty()).as("nothing is left on the host").isTrue();
    for (ContainerProgress container : stored.containers()) {
      List<Integer> attempts =
          engine.everStarted().stream()
              .filter(m -> m.name.container().equals(container.name()))
              .map(m -> m.name.attempt())
              .toList();
      // Attempts that could not be made or started leave gaps; none is out of order or unknown.
      assertThat(attempts).isSorted().doesNotHaveDuplicates();
      assertThat(attempts).allMatch(a -> a <= container.attempt());
    }
    // A container that could not be made or started ended when the engine said so.
    Instant lastFinish =
        Stream.concat(
                engine.everStarted().stream()
                    .map(ScriptedEngine.Made::end)
                    .flatMap(Stream::ofNullable),
                Stream.ofNullable(lastRefusal))
            .max(Instant::compareTo)
            .orElse(null);
    Instant from = stored.chargedFrom();
    if (from == null) {
      assertThat(firstChargedCall).isNull();
      assertThat(lastFinish).isNull();
      return;
    }
    Instant end = stored.endedAt();
    if (firstChargedCall != null) {
      assertThat(from).isBeforeOrEqualTo(firstChargedCall);
    }
    assertThat(end).isAfterOrEqualTo(from).isBeforeOrEqualTo(clock.instant());
    if (wiped) {
      return; // the engine cannot say any more when the containers ended
    }
    boolean allRan =
        spec.containers().stream().allMatch(c -> container(c.name()).firstStartedAt() != null);
    // A group that waits for its containers, for the first time or again, is billed until its end.
    if (lastFinish != null && allRan && stored.pendingSince() == null) {
      assertThat(end).as("end of the meter").isEqualTo(lastFinish);
    } else if (lastFinish != null) {
      assertThat(end).as("end of the meter").isAfterOrEqualTo(lastFinish);
    }
  }
}
