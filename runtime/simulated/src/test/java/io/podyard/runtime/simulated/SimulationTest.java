package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Hours of many groups on many hosts with faults, in one process and in moments. */
class SimulationTest {

  private static final InstallationId INSTALLATION = new InstallationId("sim");
  private static final int HOSTS = 10;
  private static final int GROUPS = 40;
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final int STEPS = 12 * 75;

  @Test
  void theSameSeedGivesTheSameStory() throws Exception {
    assertThat(story(3)).isEqualTo(story(3)).isNotEqualTo(story(4));
  }

  @Test
  void everyGroupComesWhereItsImageAndCommandLeadIt() throws Exception {
    Map<ContainerGroupId, List<GroupState>> story = story(1);
    for (List<GroupState> states : story.values()) {
      GroupState last = states.getLast();
      GroupPhase expected =
          switch (last.containers().getFirst().name()) {
            case "stays", "crashes" -> GroupPhase.RUNNING;
            case "succeeds" -> GroupPhase.SUCCEEDED;
            case "fails", "missing" -> GroupPhase.FAILED;
            default -> throw new AssertionError(last);
          };
      assertThat(last.phase()).as(last.toString()).isEqualTo(expected);
      boolean ended = expected != GroupPhase.RUNNING;
      assertThat(last.endedAt() != null).isEqualTo(ended);
    }
  }

  private static GroupSpec spec(int kind) {
    return switch (kind) {
      case 0 -> Groups.of(RestartPolicy.ALWAYS, ContainerSpec.of("stays", "nginx:1"));
      case 1 -> Groups.of(RestartPolicy.ALWAYS, ContainerSpec.of("crashes", "crash-loop"));
      case 2 ->
          Groups.of(
              RestartPolicy.ON_FAILURE,
              ContainerSpec.of("succeeds", "pull-flaky/job:1", "sleep", "90"));
      case 3 -> Groups.of(RestartPolicy.NEVER, ContainerSpec.of("fails", "exit-5"));
      default -> Groups.of(RestartPolicy.ALWAYS, ContainerSpec.of("missing", "not-found:1"));
    };
  }

  /** All states of all groups over 75 minutes; one host is away for a while. */
  private static Map<ContainerGroupId, List<GroupState>> story(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    SteppedTime time = new SteppedTime(Instant.parse("2026-01-01T00:00:00Z"));
    SimulatedWorld world = new SimulatedWorld(time, seed);
    world.ensureHosts(HOSTS, Size.of(64_000, 262_144));
    world.configure(
        new FaultPlan(
            FaultPlan.LatencyFactors.USUAL,
            List.of(new FaultPlan.PullFault("nginx:1", 3, "ErrImagePull", "busy", 20)),
            List.of(),
            List.of(),
            List.of(new FaultPlan.Outage("sim-0003", 600, 300)),
            List.of(new FaultPlan.CreateDelay("exit-5", 2, 20_000))));
    PodRuntime runtime =
        new PodRuntime(
            "simulated", host -> world.engine(host).orElse(null), time, PodSettings.DEFAULTS);
    Map<ContainerGroupId, List<GroupState>> story = new LinkedHashMap<>();
    List<GroupOrder> orders = new ArrayList<>();
    for (int i = 0; i < GROUPS; i++) {
      GroupSpec spec = spec(random.nextInt(5));
      ContainerGroupId group = new ContainerGroupId("eci-" + i);
      GroupState first = GroupState.initial(spec);
      story.put(group, new ArrayList<>(List.of(first)));
      HostId host = new HostId("sim-%04d".formatted(1 + random.nextInt(HOSTS)));
      orders.add(
          new GroupOrder(
              INSTALLATION, new AccountId("a"), group, host, spec, 1, new Goal.Run(), first, null));
    }
    for (int step = 0; step < STEPS; step++) {
      for (GroupOrder order : orders) {
        drive(runtime, order, Objects.requireNonNull(story.get(order.group())));
      }
      time.advance(STEP);
    }
    return story;
  }

  private static void drive(PodRuntime runtime, GroupOrder first, List<GroupState> states)
      throws Exception {
    GroupOrder order =
        new GroupOrder(
            first.installation(),
            first.account(),
            first.group(),
            first.host(),
            first.spec(),
            1,
            first.goal(),
            states.getLast(),
            null);
    try {
      var _ =
          runtime.drive(
              order,
              new OpenFence(1),
              (next, _) -> {
                states.add(next);
                return true;
              });
    } catch (RuntimeUnavailableException e) {
      // Away or late; driven again with the next step.
    }
  }
}
