package io.podyard.runtime.contract;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.CoreDumpReceiver;
import io.podyard.runtime.Fence;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupJournal;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A group with its store, driven the way a control plane does: by news and by time. */
public final class DrivenGroup implements GroupJournal {

  /** Also without news a group is looked at this often, as news may be lost. */
  private static final long LOOK_MILLIS = 200;

  /** A state to be reached. */
  @FunctionalInterface
  public interface Wanted {
    boolean test(GroupState state) throws Exception;
  }

  private final InstallationId installation;
  private final HostId host;
  private final ContainerGroupId group;
  private GroupSpec spec;
  private long generation = 1;
  private final List<GroupState> history = new ArrayList<>();
  private final List<Occurrence> occurrences = new ArrayList<>();
  private final Map<String, List<GroupState>> storedWith = new HashMap<>();
  private final Fence fence = new OpenFence(1);
  private Goal goal = new Goal.Run();
  private GroupState stored;
  private @Nullable Instant lastSeen;
  private @Nullable CoreDumpReceiver coreDumps;
  private List<Integer> gpus = List.of();

  public DrivenGroup(
      InstallationId installation, HostId host, ContainerGroupId group, GroupSpec spec) {
    this.installation = installation;
    this.host = host;
    this.group = group;
    this.spec = spec;
    stored = GroupState.initial(spec);
  }

  @Override
  public boolean commit(GroupState next, List<Occurrence> told) {
    stored = next;
    history.add(next);
    occurrences.addAll(told);
    told.forEach(o -> storedWith.computeIfAbsent(o.reason(), _ -> new ArrayList<>()).add(next));
    return true;
  }

  @Override
  public Optional<CoreDumpReceiver> coreDumps() {
    return Optional.ofNullable(coreDumps);
  }

  /** Who waits for a core dump from now on. */
  public void coreDumps(@Nullable CoreDumpReceiver receiver) {
    coreDumps = receiver;
  }

  public ContainerGroupId id() {
    return group;
  }

  public GroupState stored() {
    return stored;
  }

  public void store(GroupState state) {
    stored = state;
  }

  /** All states stored so far. */
  public List<GroupState> history() {
    return List.copyOf(history);
  }

  public List<String> reasonsTold() {
    return occurrences.stream().map(Occurrence::reason).toList();
  }

  /** What was told for a reason. */
  public List<String> told(String reason) {
    return occurrences.stream()
        .filter(o -> o.reason().equals(reason))
        .map(Occurrence::message)
        .toList();
  }

  public ContainerProgress container(String name) {
    return stored.container(name).orElseThrow();
  }

  public void goal(Goal next) {
    goal = next;
  }

  /** Another spec from now on. */
  public void update(GroupSpec next) {
    spec = next;
    generation++;
  }

  /** The states that were stored together with an occurrence of a reason. */
  public List<GroupState> storedWith(String reason) {
    return List.copyOf(storedWith.getOrDefault(reason, List.of()));
  }

  /** What the next orders say of when all was last known to be there. */
  public void lastSeen(Instant at) {
    lastSeen = at;
  }

  /** The devices that are reserved for it. */
  public void gpus(List<Integer> devices) {
    gpus = List.copyOf(devices);
  }

  public GroupOrder order() {
    return new GroupOrder(
        installation,
        new AccountId("contract"),
        group,
        host,
        spec,
        generation,
        goal,
        stored,
        lastSeen,
        gpus);
  }

  public void drive(GroupRuntime runtime) throws RuntimeUnavailableException, StaleFenceException {
    var _ = runtime.drive(order(), fence, this);
  }

  /**
   * Drives until the stored state is as wanted.
   *
   * @throws AssertionError with the last state if that takes longer than the patience
   */
  public GroupState driveUntil(GroupRuntime runtime, Duration patience, Wanted wanted)
      throws Exception {
    long deadline = System.nanoTime() + patience.toNanos();
    Semaphore news = new Semaphore(0);
    try (AutoCloseable _ =
        runtime.watch(
            installation,
            host,
            changed -> {
              if (changed.equals(group)) {
                news.release();
              }
            })) {
      while (true) {
        drive(runtime);
        if (wanted.test(stored)) {
          return stored;
        }
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not within " + patience + ", but " + stored);
        }
        boolean _ = news.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  public GroupState driveTo(GroupRuntime runtime, Duration patience, GroupPhase phase)
      throws Exception {
    return driveUntil(runtime, patience, state -> state.phase() == phase);
  }
}
