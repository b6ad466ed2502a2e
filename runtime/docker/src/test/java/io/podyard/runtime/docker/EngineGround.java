package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.TestRegistry;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import io.podyard.runtime.pod.SandboxOrder;
import io.podyard.runtime.pod.SandboxView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A real engine, a registry with a busybox, and groups that are removed again. */
@Tag("docker")
abstract class EngineGround {

  static final AccountId ALICE = new AccountId("alice");
  static final AccountId BOB = new AccountId("bob");
  static final OpenFence FENCE = new OpenFence(1);
  static final Size SIZE = Size.of(500, 64);
  static final LogQuery ALL = new LogQuery(100_000, 100 << 20, null, false, false);

  static final TestRegistry REGISTRY = new TestRegistry();

  @TempDir static Path folder;
  static DockerEngine engine;

  final InstallationId installation = new InstallationId("test-" + random(8));
  private final Map<ContainerGroupId, AccountId> groups = new LinkedHashMap<>();

  @BeforeAll
  static void open() {
    engine = EngineForTests.engine(folder);
    REGISTRY.put("busybox", "1", EngineForTests.busybox());
  }

  @AfterAll
  static void shut() {
    if (engine != null) {
      engine.close();
    }
  }

  static String random(int length) {
    return UUID.randomUUID().toString().replace("-", "").substring(0, length);
  }

  static String busybox() {
    return REGISTRY.host() + "/busybox:1";
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    EngineObjects.removeAll(engine, installation);
    assertThat(engine.views(installation)).isEmpty();
    assertThat(EngineObjects.of(installation)).isEmpty();
  }

  void remove(ContainerGroupId group) throws Exception {
    for (ContainerView container : engine.view(installation, group).containers()) {
      engine.removeContainer(container.engineId(), FENCE);
    }
    engine.removeSandbox(installation, group, FENCE);
    engine.forgetLogs(installation, group);
  }

  static ContainerSpec shell(String name, String script) {
    return ContainerSpec.of(name, busybox(), "sh", "-c", script);
  }

  static GroupSpec spec(ContainerSpec... containers) {
    return GroupSpec.of("test", SIZE, RestartPolicy.NEVER, containers);
  }

  /** A group with its sandbox and the busybox. */
  ContainerGroupId group(AccountId account, GroupSpec spec) throws Exception {
    ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
    groups.put(group, account);
    engine.createSandbox(new SandboxOrder(installation, account, group, spec), FENCE);
    fetch(account, group, busybox());
    return group;
  }

  ContainerGroupId group(GroupSpec spec) throws Exception {
    return group(ALICE, spec);
  }

  static void fetch(AccountId account, ContainerGroupId group, String image) throws Exception {
    engine.beginPull(
        new PullOrder(account, group, image, 0, List.of(), List.of(), List.of()), FENCE);
    eventually(() -> engine.image(group, image), view -> !(view instanceof ImageView.Pulling));
    assertThat(engine.image(group, image)).isInstanceOf(ImageView.Present.class);
  }

  ContainerName name(ContainerGroupId group, String container) {
    return new ContainerName(installation, group, container, 1);
  }

  /** Makes a container without starting it; answers its id. */
  String make(ContainerGroupId group, GroupSpec spec, String container) throws Exception {
    ContainerSpec wanted =
        spec.containers().stream().filter(c -> c.name().equals(container)).findFirst().get();
    engine.createContainer(
        new ContainerOrder(
            name(group, container),
            Objects.requireNonNull(groups.get(group)),
            spec,
            wanted,
            sandbox(group).ip()),
        FENCE);
    return view(group, container).engineId();
  }

  String start(ContainerGroupId group, GroupSpec spec, String container) throws Exception {
    String id = make(group, spec, container);
    engine.startContainer(id, FENCE);
    return id;
  }

  /** A group of one container that was started. */
  ContainerGroupId running(ContainerSpec container) throws Exception {
    GroupSpec spec = spec(container);
    ContainerGroupId group = group(spec);
    start(group, spec, container.name());
    return group;
  }

  SandboxView sandbox(ContainerGroupId group) throws Exception {
    return engine.view(installation, group).sandboxes().getFirst();
  }

  ContainerView view(ContainerGroupId group, String container) throws Exception {
    EngineView view = engine.view(installation, group);
    return view.containers().stream()
        .filter(c -> c.container().equals(container))
        .findFirst()
        .orElseThrow();
  }

  ContainerView.Status.Exited ended(ContainerGroupId group, String container) throws Exception {
    ContainerView view =
        eventually(
            () -> view(group, container), v -> v.status() instanceof ContainerView.Status.Exited);
    return (ContainerView.Status.Exited) view.status();
  }

  String log(ContainerGroupId group, String container) throws Exception {
    return engine.logs(name(group, container), ALL);
  }

  ExecResult exec(ContainerGroupId group, String container, String script) throws Exception {
    return engine.exec(
        view(group, container).engineId(), List.of("sh", "-c", script), Duration.ofSeconds(20));
  }

  /** What a script in a container prints; it must end well. */
  String output(ContainerGroupId group, String container, String script) throws Exception {
    ExecResult result = exec(group, container, script);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output().strip();
  }

  @FunctionalInterface
  interface Question<T> {
    T ask() throws Exception;
  }

  /** Asks again and again, for 30 s. */
  static <T> T eventually(Question<T> question, Predicate<T> good) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    Semaphore never = new Semaphore(0);
    while (true) {
      T answer = question.ask();
      if (good.test(answer)) {
        return answer;
      }
      assertThat(System.nanoTime()).as("still %s", answer).isLessThan(deadline);
      boolean _ = never.tryAcquire(50, TimeUnit.MILLISECONDS);
    }
  }
}
