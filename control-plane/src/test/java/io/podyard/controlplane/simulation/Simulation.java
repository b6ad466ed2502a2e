package io.podyard.controlplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.containergroup.SteppedTables.Plant;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.settings.HostSettings;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.simulated.FaultPlan;
import io.podyard.runtime.simulated.SimulatedEngine;
import io.podyard.runtime.simulated.SimulatedWorld;
import io.podyard.runtime.simulated.SteppedTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * The life of an installation as one seed has it: clients, two processes, some hosts and their
 * groups, everything on one thread in steps drawn from the seed, until the faults end and all has
 * to come to rest.
 */
final class Simulation {

  /** Far enough from the present that nothing is in the future for a look at the real clock. */
  private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

  private static final Duration LEASE_LIFE = Duration.ofSeconds(4);
  private static final Duration LOST_AFTER = Duration.ofSeconds(10);
  private static final int PROCESSES = 2;
  private static final int SHARDS = 2;
  private static final Size HOST = Size.of(5000, 10240);

  private final SplittableRandom random;
  private final Ground ground;
  private final Plant plant;
  private final SteppedTime time = new SteppedTime(START);
  private final Clock clock = new SimulatedClock(time);
  private final SimulatedWorld world;
  private final Interruptions interruptions;
  private final Features features;
  private final Clients clients;
  private final List<SimulatedProcess> processes = new ArrayList<>();
  private final List<SimulatedProcess> dead = new ArrayList<>();
  private final Set<String> still = new TreeSet<>();
  private final Set<HostId> silent = new TreeSet<>();
  private final HostLife operator;
  private final HostSettings hostSettings;
  private final FaultPlan.LatencyFactors latency;
  private final int mostGroups;
  private final int steps;
  private final List<String> story = new ArrayList<>();
  private boolean calm;
  private int started;

  Simulation(long seed, Ground ground, Plant plant) {
    this.random = new SplittableRandom(seed);
    this.ground = ground;
    this.plant = plant;
    this.world = new SimulatedWorld(time, seed);
    features = Features.of(random);
    world.ensureHosts(features.crowded() ? 2 : 2 + random.nextInt(2), HOST);
    latency = random.nextBoolean() ? FaultPlan.LatencyFactors.NONE : FaultPlan.LatencyFactors.USUAL;
    operator = new HostLife(ground.jdbc());
    // With 100 % all that vanish are lost, with 30 % none of these few is.
    hostSettings =
        new HostSettings(LOST_AFTER, random.nextInt(4) == 0 ? 30 : 100, Duration.ofMinutes(1));
    mostGroups = (features.crowded() ? 4 : 3) + random.nextInt(4);
    steps = 30 + random.nextInt(40);
    interruptions =
        new Interruptions(random, 0.03 + 0.2 * random.nextDouble(), this::tell, this::othersGoOn);
    clients = new Clients(random, features);
    configure();
  }

  /** All that happened, with the seconds since the start. */
  List<String> story() {
    return story;
  }

  private void tell(String what) {
    story.add("%8.3f %s".formatted(Duration.between(START, time.instant()).toMillis() / 1e3, what));
  }

  /** Plays it to its end; whatever is broken then is an error. */
  void play() throws RuntimeUnavailableException {
    ground.reset(START, world.hosts(), HOST, SHARDS, features);
    tell(features.toString());
    try {
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(start());
      }
      for (int i = 0; i < steps; i++) {
        step();
      }
      calmDown();
      new Settling(ground, world, clock, clients, processes, interruptions, this::tell, this::pass)
          .all(random.nextBoolean());
    } finally {
      processes.forEach(SimulatedProcess::close);
    }
  }

  private SimulatedProcess start() {
    String name = "p" + ++started;
    return new SimulatedProcess(
        name, ground, world, clock, hostSettings, interruptions.of(name), plant);
  }

  private void step() {
    int kind = random.nextInt(100);
    if (kind < 18) {
      tell("client: " + clients.next(mostGroups));
      at(any(), "answers", process -> tell("  " + clients.send(process.groups())));
    } else if (kind < 50) {
      at(any(), "drives", this::driveOne);
    } else if (kind < 58) {
      at(any(), "binds", this::bind);
    } else if (kind < 68) {
      HostId host = any(world.hosts());
      at(any(), "sweeps " + host, process -> process.driving().sweep(host));
    } else if (kind < 72) {
      at(any(), "looks after hosts", process -> process.driving().lookAfterHosts());
    } else if (kind < 90) {
      pass(Duration.ofMillis(1 + random.nextInt(random.nextInt(8) == 0 ? 15_000 : 1_500)));
    } else if (kind < 92) {
      operate();
    } else if (kind < 93) {
      outlast();
    } else if (kind < 95) {
      silence();
    } else if (kind < 97) {
      removeSomething();
    } else if (kind < 99) {
      at(any(), "loses its leases", SimulatedProcess::loseLeases);
    } else {
      SimulatedProcess process = any();
      at(process, "is killed", _ -> die(process));
    }
  }

  private void die(SimulatedProcess process) {
    throw new ProcessDied(process.toString(), "at rest");
  }

  private interface Work {
    void on(SimulatedProcess process);
  }

  /** Has a process do something, from which it may not return alive. */
  private void at(SimulatedProcess process, String what, Work work) {
    tell(process + " " + what);
    try {
      work.on(process);
    } catch (ProcessDied died) {
      if (!died.process().equals(process.toString())) {
        throw died;
      }
      tell("  " + died.getMessage());
      bury(process);
      return;
    }
    if (interruptions.died(process.toString())) {
      bury(process);
    }
  }

  private void bury(SimulatedProcess process) {
    process.close();
    dead.add(process);
    processes.set(processes.indexOf(process), start());
  }

  private void driveOne(SimulatedProcess process) {
    List<ContainerGroupId> groups = process.driving().groups();
    for (int i = groups.isEmpty() ? 0 : 1 + random.nextInt(2); i > 0; i--) {
      ContainerGroupId group = any(groups);
      tell("  " + group);
      process.driving().look(group);
    }
  }

  private void bind(SimulatedProcess process) {
    // Mostly with the picture that it has.
    if (random.nextInt(3) == 0) {
      process.renewPicture();
    }
    process.groups().bindWaiting();
  }

  /**
   * Time passes, and mostly the processes renew what they have to. When all is calm they do so by
   * themselves, however much time it is.
   */
  private void pass(Duration duration) {
    time.advance(duration);
    ground.at(time.instant());
    tell("it is later");
    dead.removeIf(process -> process.expireLeases(LEASE_LIFE));
    if (calm) {
      return;
    }
    for (SimulatedProcess process : processes) {
      boolean _ = process.expireLeases(LEASE_LIFE);
    }
    for (SimulatedProcess process : processes) {
      if (!still.contains(process.toString()) && process.isDue() && random.nextInt(6) > 0) {
        process.renewLeases();
        if (random.nextBoolean()) {
          process.renewPicture();
        }
      }
    }
  }

  /** What happens while a process stands still, perhaps until its lease is over. */
  private void othersGoOn(String standing) {
    if (!still.isEmpty()) {
      return;
    }
    tell("  " + standing + " stands still");
    still.add(standing);
    if (random.nextBoolean()) {
      pass(Duration.ofSeconds(5 + random.nextInt(5)));
    }
    for (int i = random.nextInt(8); i >= 0; i--) {
      step();
    }
    still.remove(standing);
    tell("  " + standing + " goes on");
  }

  private void silence() {
    HostId host = any(world.hosts());
    tell(host + (silent.contains(host) ? " answers again" : " falls silent"));
    if (!silent.remove(host)) {
      silent.add(host);
    }
    configure();
  }

  /** An operator wants a host to take nothing new, to become empty, or to go on. */
  private void operate() {
    HostId host = any(world.hosts());
    boolean known =
        switch (random.nextInt(5)) {
          case 0 -> {
            tell(host + " is cordoned");
            yield operator.cordon(host, null);
          }
          case 1 -> {
            tell(host + " is to be empty now");
            yield operator.drain(host, Duration.ZERO, null);
          }
          case 2 -> {
            tell(host + " is to be empty some day");
            yield operator.drain(host, Duration.ofDays(1), null);
          }
          default -> {
            tell(host + " may take groups");
            yield operator.uncordon(host);
          }
        };
    assertThat(known).isTrue();
  }

  /** A host is silent for so long that it may be given up. */
  private void outlast() {
    HostId host = any(world.hosts());
    tell(host + " is away");
    silent.add(host);
    configure();
    for (int i = 6 + random.nextInt(8); i >= 0; i--) {
      pass(Duration.ofSeconds(2));
      for (int n = processes.size() - still.size(); n > 0; n--) {
        SimulatedProcess process = any();
        at(process, "sweeps " + host, p -> p.driving().sweep(host));
        if (processes.contains(process)) {
          at(process, "looks after hosts", p -> p.driving().lookAfterHosts());
        }
      }
    }
    if (random.nextBoolean()) {
      silent.remove(host);
      configure();
    }
  }

  private void configure() {
    world.configure(
        new FaultPlan(
            latency,
            List.of(),
            List.of(),
            List.of(),
            silent.stream().map(host -> new FaultPlan.Outage(host.value(), 0, 0)).toList(),
            List.of(new FaultPlan.CreateDelay(RandomSpecs.LATE, 1, 1 + random.nextInt(9_000)))));
  }

  /** Somebody removes a container by hand. */
  private void removeSomething() {
    HostId host = any(world.hosts());
    SimulatedEngine engine = world.engine(host).orElseThrow();
    try {
      List<ContainerView> containers = new ArrayList<>();
      for (ContainerGroupId group : engine.groups(ground.installation())) {
        containers.addAll(engine.view(ground.installation(), group).containers());
      }
      if (!containers.isEmpty()) {
        ContainerView container = any(containers);
        tell(host + " loses " + container.engineId());
        engine.removeContainer(container.engineId(), ANYBODY);
      }
    } catch (RuntimeUnavailableException | StaleFenceException e) {
      tell(host + " does not answer");
    }
  }

  private static final Fence ANYBODY =
      new Fence() {
        @Override
        public long epoch() {
          return 0;
        }

        @Override
        public void check() {}
      };

  private void calmDown() {
    tell("the faults end");
    calm = true;
    interruptions.off();
    silent.clear();
    world.hosts().forEach(host -> assertThat(operator.uncordon(host)).isTrue());
    world.configure(FaultPlan.NONE.withLatency(latency));
    assertThat(still).isEmpty();
    // A lease that was taken away is missed at the next renewal, and not before.
    pass(LEASE_LIFE);
  }

  private SimulatedProcess any() {
    List<SimulatedProcess> going =
        processes.stream().filter(process -> !still.contains(process.toString())).toList();
    return any(going);
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
