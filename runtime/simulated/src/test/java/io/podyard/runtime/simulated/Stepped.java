package io.podyard.runtime.simulated;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Handler;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import io.podyard.runtime.pod.SandboxOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One simulated host whose time is stepped, with short words for the calls to its engine. */
final class Stepped {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final InstallationId INSTALLATION = new InstallationId("inst");
  static final ContainerGroupId GROUP = new ContainerGroupId("eci-1");
  static final AccountId ACCOUNT = new AccountId("acc");
  static final LogQuery ALL = new LogQuery(100, 10_000, null, false, false);

  final SteppedTime time = new SteppedTime(START);
  final SimulatedWorld world;
  final SimulatedEngine engine;

  Stepped(long seed) {
    world = new SimulatedWorld(time, seed);
    world.ensureHosts(1, Size.of(4000, 8192));
    engine = world.engine(new HostId("sim-0001")).orElseThrow();
  }

  /** Without latencies. */
  static Stepped instant() {
    Stepped stepped = new Stepped(1);
    stepped.world.configure(FaultPlan.instant());
    return stepped;
  }

  static ContainerName name(String container, int attempt) {
    return new ContainerName(INSTALLATION, GROUP, container, attempt);
  }

  void sandbox() throws Exception {
    engine.createSandbox(
        new SandboxOrder(INSTALLATION, ACCOUNT, GROUP, group("app", "img")), new OpenFence(7));
  }

  private static GroupSpec group(String container, String image, String... command) {
    return GroupSpec.of(
        "g",
        Size.of(1000, 1024),
        RestartPolicy.ALWAYS,
        ContainerSpec.of(container, image, command));
  }

  void create(String container, int attempt, String image, String... command) throws Exception {
    GroupSpec spec = group(container, image, command);
    engine.createContainer(
        new ContainerOrder(
            name(container, attempt), ACCOUNT, spec, spec.containers().getFirst(), ""),
        new OpenFence(7));
  }

  /** Makes and starts the first attempt of a container. */
  void run(ContainerSpec container) throws Exception {
    GroupSpec spec = GroupSpec.of("g", Size.of(1000, 1024), RestartPolicy.ALWAYS, container);
    engine.createContainer(
        new ContainerOrder(name(container.name(), 1), ACCOUNT, spec, container, ""),
        new OpenFence(7));
    engine.startContainer(container(container.name()).engineId(), new OpenFence(7));
  }

  CheckResult check(String container, Handler handler) throws Exception {
    return engine.check(
        INSTALLATION,
        GROUP,
        container(container).engineId(),
        handler,
        "10.0.0.2",
        Duration.ofSeconds(5));
  }

  /** Makes and starts it. */
  void run(String container, String image, String... command) throws Exception {
    create(container, 1, image, command);
    engine.startContainer(container(container).engineId(), new OpenFence(7));
  }

  void pull(String image, int retry) throws Exception {
    engine.beginPull(
        new PullOrder(ACCOUNT, GROUP, image, retry, List.of(), List.of(), List.of()),
        new OpenFence(7));
  }

  ImageView image(String image) throws Exception {
    return engine.image(GROUP, image);
  }

  ContainerView container(String container) throws Exception {
    return engine.view(INSTALLATION, GROUP).containers().stream()
        .filter(c -> c.container().equals(container))
        .findFirst()
        .orElseThrow();
  }

  ContainerView.Status status(String container) throws Exception {
    return container(container).status();
  }

  void stop(String container, Duration grace) throws Exception {
    engine.beginStop(container(container).engineId(), grace, new OpenFence(7));
  }
}
