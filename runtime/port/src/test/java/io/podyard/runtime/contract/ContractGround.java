package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.Fence;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.TerminationMessage;
import io.podyard.runtime.VolumeSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What all parts of the contract stand on: a runtime, a host, and groups that go away again. */
abstract class ContractGround {

  static final Size SIZE = Size.of(250, 256);
  static final LogQuery ALL_LOGS = new LogQuery(1000, 1_000_000, null, false, false);

  /** Of somebody who drove the host once. */
  static final Fence LOST =
      new Fence() {
        @Override
        public long epoch() {
          return 7;
        }

        @Override
        public void check() throws StaleFenceException {
          throw new StaleFenceException("the lease is over");
        }
      };

  /** Programs that are process 1 do not hear a stop signal by themselves. */
  private static final int SHORT_GRACE = 1;

  final InstallationId installation = new InstallationId("contract-" + random(8));
  private final List<DrivenGroup> groups = new ArrayList<>();
  GroupRuntime runtime;

  @BeforeEach
  void open() throws Exception {
    runtime = newRuntime();
  }

  /**
   * The runtime under test, with restart and pull back-offs of 1 s: a fresh instance each time.
   * What runs on the host is not touched by closing it.
   */
  protected abstract GroupRuntime newRuntime() throws Exception;

  /** A host that the runtime can reach. */
  protected abstract HostId host();

  /** An image with {@code sh}, {@code sleep}, {@code echo}, {@code true} and {@code false}. */
  protected abstract String image();

  /** An image that cannot be fetched, whoever tries. */
  protected abstract String failingImage();

  /** How long anything may take on a slow machine. */
  protected Duration patience() {
    return Duration.ofSeconds(60);
  }

  static String random(int length) {
    return UUID.randomUUID().toString().replace("-", "").substring(0, length);
  }

  ContainerSpec container(String name, String... command) {
    return ContainerSpec.of(name, image(), command);
  }

  /** A container that runs until it is stopped. */
  ContainerSpec staying(String name) {
    return container(name, "sleep", "1000");
  }

  /** The same with variables, a place for its message, and whom it may run as. */
  static ContainerSpec with(
      ContainerSpec spec,
      List<EnvironmentVariable> environment,
      TerminationMessage message,
      boolean runAsNonRoot) {
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.pullPolicy(),
        spec.size(),
        spec.command(),
        spec.args(),
        spec.workingDir(),
        environment,
        spec.hideEnvironment(),
        spec.ports(),
        spec.mounts(),
        spec.runAsUser(),
        spec.readOnlyRootFilesystem(),
        spec.addedCapabilities(),
        spec.runAsGroup(),
        runAsNonRoot,
        spec.lifecycle(),
        spec.terminal(),
        message,
        spec.role(),
        spec.ignoreExitCode(),
        spec.revision());
  }

  GroupSpec spec(RestartPolicy policy, ContainerSpec... containers) {
    return changed(
        GroupSpec.of("contract", SIZE, policy, containers), List.of(), List.of(), SHORT_GRACE);
  }

  static GroupSpec withInit(GroupSpec spec, ContainerSpec... init) {
    return changed(spec, List.of(init), spec.volumes(), spec.terminationGraceSeconds());
  }

  static GroupSpec withVolumes(GroupSpec spec, VolumeSpec... volumes) {
    return changed(spec, spec.initContainers(), List.of(volumes), spec.terminationGraceSeconds());
  }

  private static GroupSpec changed(
      GroupSpec spec, List<ContainerSpec> init, List<VolumeSpec> volumes, int graceSeconds) {
    return new GroupSpec(
        spec.version(),
        spec.name(),
        spec.size(),
        spec.restartPolicy(),
        init,
        spec.containers(),
        volumes,
        spec.registryCredentials(),
        spec.plainHttpRegistries(),
        spec.insecureRegistries(),
        spec.hostAliases(),
        spec.dns(),
        spec.hostName(),
        graceSeconds,
        spec.activeDeadlineSeconds(),
        spec.maxPendingMinutes(),
        spec.vSwitch(),
        spec.kernel(),
        spec.ephemeralStorageMib(),
        spec.address());
  }

  static GroupState withContainers(GroupState state, ContainerProgress... containers) {
    return new GroupState(
        state.phase(),
        state.reason(),
        state.message(),
        state.ip(),
        state.sandboxReadyAt(),
        state.chargedFrom(),
        state.runningSince(),
        state.endedAt(),
        state.killAt(),
        List.of(containers),
        state.pulls(),
        state.generation(),
        state.pendingSince());
  }

  DrivenGroup group(GroupSpec spec) {
    DrivenGroup group =
        new DrivenGroup(installation, host(), new ContainerGroupId("eci-" + random(20)), spec);
    groups.add(group);
    return group;
  }

  GroupState driveTo(GroupRuntime runtime, DrivenGroup group, GroupPhase phase) throws Exception {
    return group.driveTo(runtime, patience(), phase);
  }

  GroupState driveUntil(GroupRuntime runtime, DrivenGroup group, DrivenGroup.Wanted wanted)
      throws Exception {
    return group.driveUntil(runtime, patience(), wanted);
  }

  static ContainerStatus.Terminated terminated(DrivenGroup group, String container) {
    ContainerStatus current = group.container(container).current();
    assertThat(current).isInstanceOf(ContainerStatus.Terminated.class);
    return (ContainerStatus.Terminated) current;
  }

  static Goal.End end(Duration grace) {
    return new Goal.End(Instant.now().plus(grace), "Deleted");
  }

  Optional<FoundGroup> found(GroupRuntime runtime, DrivenGroup group) throws Exception {
    return runtime.list(installation, host()).stream()
        .filter(found -> found.group().equals(group.id()))
        .findFirst();
  }

  @AfterEach
  void everyGroupGoesAway() throws Exception {
    runtime.close();
    try (GroupRuntime fresh = newRuntime()) {
      for (DrivenGroup group : groups) {
        group.goal(end(Duration.ZERO));
        driveTo(fresh, group, GroupPhase.GONE);
        fresh.forget(installation, host(), group.id());
      }
      assertThat(fresh.list(installation, host())).isEmpty();
      for (String disk : fresh.disks(installation, host())) {
        fresh.removeDisk(installation, host(), disk, new OpenFence(1));
      }
      assertThat(fresh.disks(installation, host())).isEmpty();
    }
  }
}
