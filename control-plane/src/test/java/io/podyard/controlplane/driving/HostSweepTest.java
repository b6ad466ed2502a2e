package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.containergroup.EndedGroups;
import io.podyard.controlplane.containergroup.StoredGroups;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.HostSettings;
import io.podyard.controlplane.sighting.ProofsOfLife;
import io.podyard.controlplane.sighting.Sightings;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.pod.ContainerEngine;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import io.podyard.runtime.pod.SandboxOrder;
import io.podyard.runtime.simulated.FaultPlan;
import io.podyard.runtime.simulated.RealTime;
import io.podyard.runtime.simulated.SimulatedWorld;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostSweepTest {

  private static final HostId HOST = new HostId("sim-0001");
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final SteppedTime clock = new SteppedTime(Instant.parse("2026-03-01T00:00:00Z"));
  private final AtomicLong nanos = new AtomicLong();
  private TestDatabase database;
  private StoredGroups groups;
  private RealTime time;
  private SimulatedWorld world;
  private PodRuntime runtime;
  private Runtimes runtimes;
  private ShardLeases leases;
  private InstallationId installation;
  private HostSweep sweep;

  @BeforeEach
  void start() {
    database = TestDatabase.create();
    groups = new StoredGroups(database);
    time = new RealTime(Clock.systemUTC());
    world = new SimulatedWorld(time, 1);
    Size size = Size.of(8_000, 16_384);
    world.ensureHosts(1, size);
    world.configure(FaultPlan.instant());
    groups.addHosts(world.hosts(), size);
    Inventory inventory = new Inventory(database.jdbc());
    installation = inventory.installation();
    Placement placement = new Placement(inventory);
    placement.renew();
    runtime =
        new PodRuntime(
            "simulated",
            host -> world.engine(host).orElse(null),
            Clock.systemUTC(),
            PodSettings.DEFAULTS);
    runtimes = new Runtimes(placement);
    runtimes.add(runtime);
    leases = new ShardLeases(database.dataSource(), "test", System::nanoTime);
    leases.start();
    sweep = sweep(placement);
  }

  private HostSweep sweep(Placement placement) {
    HostLife life = new HostLife(database.jdbc());
    KnownTroubles troubles = new KnownTroubles(life);
    HostLosses losses =
        new HostLosses(
            database.jdbc(),
            database.transaction(),
            new HostSettings(Duration.ofMinutes(1), 30, Duration.ofMinutes(1)),
            CommitPoints.NONE);
    HostReachability reachability =
        new HostReachability(
            life,
            losses,
            troubles,
            placement,
            leases,
            new CapacityReturned(placement),
            clock,
            nanos::get);
    return new HostSweep(
        groups.store(),
        new EndedGroups(database.jdbc()),
        runtimes,
        installation,
        new Sightings(new ProofsOfLife(database.jdbc())),
        GRACE,
        new HostSilence(nanos::get),
        reachability,
        life,
        troubles,
        () -> {},
        new HostRevisions(runtimes, nanos::get),
        clock,
        nanos::get,
        (_, _) -> {});
  }

  @AfterEach
  void close() {
    leases.close();
    runtimes.close();
    time.close();
    groups.close();
    database.close();
  }

  private ShardLease lease() {
    Waiting.until("a lease", () -> leases.held(0).isPresent());
    return leases.held(0).orElseThrow();
  }

  private List<FoundGroup> swept() throws Exception {
    sweep.sweep(HOST, lease(), null);
    return runtime.list(installation, HOST);
  }

  @Test
  void aClockThatIsSetForwardTakesNothingOfTheGraceOfWhatNobodyKnows() throws Exception {
    GroupSpec spec =
        GroupSpec.of(
            "stranger",
            Size.of(1000, 1024),
            RestartPolicy.ALWAYS,
            ContainerSpec.of("app", "podyard/app:1"));
    ContainerEngine engine = world.engine(HOST).orElseThrow();
    engine.createSandbox(
        new SandboxOrder(
            installation, new AccountId("someone"), new ContainerGroupId("eci-stranger"), spec),
        lease());
    assertThat(swept()).hasSize(1);

    clock.advance(Duration.ofHours(1));
    assertThat(swept()).hasSize(1);
    nanos.addAndGet(GRACE.toNanos() - 1);
    assertThat(swept()).hasSize(1);
    nanos.addAndGet(1);
    assertThat(swept()).isEmpty();
  }
}
