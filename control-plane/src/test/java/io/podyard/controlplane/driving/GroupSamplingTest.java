package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.containergroup.BindingLoad;
import io.podyard.controlplane.containergroup.EndedGroups;
import io.podyard.controlplane.containergroup.SampledGroups;
import io.podyard.controlplane.containergroup.StoredGroups;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.metric.GroupSampler;
import io.podyard.controlplane.metric.SampleCounts;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.HostSettings;
import io.podyard.controlplane.settings.MetricSettings;
import io.podyard.controlplane.sighting.ProofsOfLife;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.wake.Looking;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import io.podyard.runtime.simulated.FaultPlan;
import io.podyard.runtime.simulated.RealTime;
import io.podyard.runtime.simulated.SimulatedWorld;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups on several hosts are sampled in the rhythm of a stepped clock. */
class GroupSamplingTest {

  private static final HostId SICK = new HostId("sim-0002");
  private static final int HOSTS = 3;
  private static final int ON_EACH = 40;
  private static final Duration PERIOD = Duration.ofSeconds(15);

  private final SteppedTime clock = new SteppedTime(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  private final SampleCounts counts = new SampleCounts();
  private TestDatabase database;
  private StoredGroups groups;
  private RealTime time;
  private FaultyHosts hosts;
  private Runtimes runtimes;
  private ShardLeases leases;
  private Driving driving;
  private GroupSampler sampler;
  private GroupSampling sampling;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    database
        .jdbc()
        .execute(
            """
            create table metric_sample_of_all partition of metric_sample
            for values from ('2020-01-01') to ('2200-01-01')
            """);
    groups = new StoredGroups(database);
    time = new RealTime(Clock.systemUTC());
    SimulatedWorld world = new SimulatedWorld(time, 1);
    Size size = Size.of(8_000_000, 16_000_000);
    world.ensureHosts(HOSTS, size);
    world.configure(FaultPlan.instant());
    groups.addHosts(world.hosts(), size);
    Placement placement = new Placement(new Inventory(database.jdbc()));
    placement.renew();
    hosts =
        new FaultyHosts(
            new PodRuntime(
                "simulated",
                host -> world.engine(host).orElse(null),
                Clock.systemUTC(),
                PodSettings.DEFAULTS));
    runtimes = new Runtimes(placement);
    runtimes.add(hosts);
    leases = new ShardLeases(database.dataSource(), "test", System::nanoTime);
    InstallationId installation = new Inventory(database.jdbc()).installation();
    driving =
        new Driving(
            groups.store(),
            new EndedGroups(database.jdbc()),
            leases,
            placement,
            runtimes,
            installation,
            new CapacityReturned(placement),
            new ProofsOfLife(database.jdbc()),
            (_, _) -> Optional.empty(),
            new HostLife(database.jdbc()),
            new HostLosses(
                database.jdbc(),
                database.transaction(),
                new HostSettings(Duration.ofMinutes(1), 30, Duration.ofMinutes(1)),
                CommitPoints.NONE),
            new BindingLoad(),
            Duration.ofSeconds(5),
            Looking.USUAL,
            Clock.systemUTC());
    driving.start();
    leases.start();
    for (HostId host : world.hosts()) {
      var _ = groups.add(host, "on-" + host, ON_EACH, Instant.now());
    }
    Waiting.until("all run", () -> running() == HOSTS * ON_EACH);
    sampler =
        new GroupSampler(
            runtimes, installation, database.jdbc(), database.transaction(), counts, clock);
    // Not started: the test itself lets its seconds go by.
    sampling =
        new GroupSampling(
            driving,
            leases,
            new SampledGroups(database.jdbc()),
            sampler,
            new MetricSettings(PERIOD),
            clock);
  }

  @AfterEach
  void close() {
    sampling.close();
    sampler.close();
    driving.close();
    leases.close();
    runtimes.close();
    time.close();
    groups.close();
    database.close();
  }

  private int running() {
    return count("container_group where status = 'Running'");
  }

  private int count(String what) {
    Integer count = database.jdbc().queryForObject("select count(*) from " + what, Integer.class);
    return count == null ? -1 : count;
  }

  private void letAPeriodGoBy() {
    for (int i = 0; i < PERIOD.toSeconds(); i++) {
      clock.advance(Duration.ofSeconds(1));
      sampling.tick();
    }
  }

  private void untilTaken(long samples) {
    Waiting.until(samples + " samples are written", () -> counts.taken() >= samples);
    assertThat(counts.taken()).isEqualTo(samples);
  }

  @Test
  void eachGroupIsSampledOnceInAPeriod() {
    letAPeriodGoBy();
    untilTaken(HOSTS * ON_EACH);
    letAPeriodGoBy();
    untilTaken(2 * HOSTS * ON_EACH);

    assertThat(count("metric_sample")).isEqualTo(2 * HOSTS * ON_EACH);
    assertThat(count("(select group_id from metric_sample group by 1 having count(*) = 2) g"))
        .isEqualTo(HOSTS * ON_EACH);
    assertThat(counts.missed()).isZero();
  }

  @Test
  void aHostThatHangsLosesItsOwnSamplesOnly() {
    hosts.hang(SICK);
    letAPeriodGoBy();
    untilTaken((HOSTS - 1) * ON_EACH);
    letAPeriodGoBy();
    untilTaken(2 * (HOSTS - 1) * ON_EACH);
    assertThat(counts.missed()).as("the first call has not come back").isEqualTo(ON_EACH);

    hosts.heal(SICK);
    Waiting.until("the call has failed", () -> counts.missed() == 2 * ON_EACH);
    Waiting.until("the host answers again", () -> !driving.silence().isSilent(SICK));
    letAPeriodGoBy();
    untilTaken((2 * (HOSTS - 1) + HOSTS) * ON_EACH);
  }

  @Test
  void whoHoldsNoShardSamplesNothing() {
    leases.close();
    letAPeriodGoBy();
    assertThat(counts.taken() + counts.missed()).isZero();
    assertThat(count("metric_sample")).isZero();
  }
}
