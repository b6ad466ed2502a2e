package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.docker.http.EngineAddress;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.EngineProxy;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.SandboxOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines that vanish or hang, and processes that freeze at the worst moment. */
@Timeout(120)
class EngineTroubleTest extends EngineGround {

  private static final Duration CALL = Duration.ofMillis(1500);

  @TempDir private Path own;
  private EngineProxy proxy;
  private DockerEngine behind;

  @BeforeEach
  void openProxy() {
    DockerEngineSettings real = EngineForTests.settings(own);
    proxy = new EngineProxy(own.resolve("engine"), EngineAddress.of(real.host(), real.tlsFolder()));
    DockerEngineSettings.Limits limits = DockerEngineSettings.Limits.DEFAULTS;
    DockerEngineSettings settings =
        DockerEngineSettings.of(proxy.uri(), own.resolve("data"))
            .with(
                new DockerEngineSettings.Limits(
                    CALL,
                    limits.startsPerCore(),
                    Duration.ofSeconds(5),
                    limits.pidsPerContainer(),
                    limits.logBytes(),
                    limits.execOutputBytes(),
                    0));
    behind = new DockerEngine(settings, EngineForTests.logs(settings), InstantSource.system());
  }

  @AfterEach
  void closeProxy() {
    if (behind != null) {
      behind.close();
      proxy.close();
    }
  }

  private List<Callable<?>> everyCall(ContainerGroupId group, GroupSpec spec, String id) {
    ContainerOrder order =
        new ContainerOrder(name(group, "app"), ALICE, spec, spec.containers().getFirst(), "");
    return List.of(
        behind::report,
        () -> behind.view(installation, group),
        () -> behind.views(installation),
        () -> behind.image(group, busybox()),
        () -> behind.logs(name(group, "app"), new LogQuery(1, 1, null, false, false)),
        () -> behind.exec(id, List.of("true"), Duration.ofSeconds(1)),
        nothing(
            () -> behind.createSandbox(new SandboxOrder(installation, ALICE, group, spec), FENCE)),
        nothing(() -> behind.createContainer(order, FENCE)),
        nothing(() -> behind.startContainer(id, FENCE)),
        nothing(() -> behind.beginStop(id, Duration.ofSeconds(5), FENCE)),
        nothing(() -> behind.beginStop(id, Duration.ZERO, FENCE)),
        nothing(() -> behind.removeContainer(id, FENCE)),
        nothing(() -> behind.removeSandbox(installation, group, FENCE)));
  }

  private interface Effect {
    void happen() throws Exception;
  }

  private static Callable<?> nothing(Effect effect) {
    return () -> {
      effect.happen();
      return true;
    };
  }

  @Test
  void anEngineThatHangsUpIsUnavailableForEveryCall() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 100"));
    GroupSpec spec = spec(shell("app", "sleep 100"));
    String id = view(group, "app").engineId();
    behind.report();

    proxy.cut();
    for (Callable<?> call : everyCall(group, spec, id)) {
      assertThatThrownBy(call::call).isInstanceOf(RuntimeUnavailableException.class);
    }
    proxy.heal();
    assertThat(behind.view(installation, group).containers()).hasSize(1);
    assertThat(view(group, "app").status()).isInstanceOf(ContainerView.Status.Running.class);
  }

  @Test
  void anEngineThatHangsHoldsNoThread() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 100"));
    GroupSpec spec = spec(shell("app", "sleep 100"));
    String id = view(group, "app").engineId();
    behind.report();

    proxy.freeze();
    for (Callable<?> call : everyCall(group, spec, id)) {
      long began = System.nanoTime();
      assertThatThrownBy(call::call).isInstanceOf(RuntimeUnavailableException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isLessThan(CALL.plus(Duration.ofSeconds(5)));
    }
    proxy.heal();
    assertThat(behind.report().engine()).startsWith("docker ");
  }

  @Test
  void aWatchGoesOnAfterTheConnectionWasLost() throws Exception {
    GroupSpec spec = spec(shell("app", "sleep 100"));
    Semaphore news = new Semaphore(0);
    try (AutoCloseable _ = behind.watch(installation, _ -> news.release())) {
      ContainerGroupId first = group(spec);
      assertThat(news.tryAcquire(30, TimeUnit.SECONDS)).isTrue();

      proxy.cut();
      start(first, spec, "app");
      news.drainPermits();
      proxy.heal();
      assertThat(news.tryAcquire(30, TimeUnit.SECONDS)).as("after the gap").isTrue();

      eventually(
          () -> {
            news.drainPermits();
            engine.beginStop(view(first, "app").engineId(), Duration.ZERO, FENCE);
            return news.tryAcquire(500, TimeUnit.MILLISECONDS);
          },
          Boolean::booleanValue);
    }
  }

  /** Stands still after the question was answered, as a process that is frozen there. */
  private static final class FrozenFence implements Fence {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch thaw = new CountDownLatch(1);
    private final int freezeAt;
    private int questions;

    FrozenFence(int freezeAt) {
      this.freezeAt = freezeAt;
    }

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public void check() throws StaleFenceException {
      if (++questions == freezeAt) {
        asked.countDown();
        try {
          thaw.await();
        } catch (InterruptedException e) {
          throw new StaleFenceException("interrupted");
        }
      }
    }
  }

  @Test
  void aCreateThatThawsLateMakesNothingThatIsNotFound() throws Exception {
    GroupSpec spec = spec(shell("app", "sleep 100"));
    ContainerGroupId group = group(spec);
    FrozenFence frozen = new FrozenFence(1);
    ContainerOrder order =
        new ContainerOrder(name(group, "app"), ALICE, spec, spec.containers().getFirst(), "");
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> late = thread.submit(nothing(() -> engine.createContainer(order, frozen)));
      // With a cgroup above the group the first question comes before that is made.
      frozen.asked.await();
      start(group, spec, "app");
      frozen.thaw.countDown();
      late.get();
    }

    assertThat(engine.view(installation, group).containers())
        .singleElement()
        .satisfies(c -> assertThat(c.status()).isInstanceOf(ContainerView.Status.Running.class));
  }

  @Test
  void aStartThatThawsAfterTheRemovalStartsNothing() throws Exception {
    GroupSpec spec = spec(shell("app", "sleep 100"));
    ContainerGroupId group = group(spec);
    String id = make(group, spec, "app");
    FrozenFence frozen = new FrozenFence(1);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> late = thread.submit(nothing(() -> engine.startContainer(id, frozen)));
      frozen.asked.await();
      engine.removeContainer(id, new OpenFence(2));
      frozen.thaw.countDown();
      assertThatThrownBy(late::get).hasCauseInstanceOf(RuntimeUnavailableException.class);
    }

    assertThat(engine.view(installation, group).containers()).isEmpty();
  }

  @Test
  void aRemovalThatThawsLateDoesNotHitTheNextAttempt() throws Exception {
    GroupSpec spec = spec(shell("app", "sleep 100"));
    ContainerGroupId group = group(spec);
    String id = make(group, spec, "app");
    FrozenFence frozen = new FrozenFence(1);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> late = thread.submit(nothing(() -> engine.removeContainer(id, frozen)));
      frozen.asked.await();
      engine.removeContainer(id, new OpenFence(2));
      String next = start(group, spec, "app");
      assertThat(next).isNotEqualTo(id);
      frozen.thaw.countDown();
      late.get();
    }

    assertThat(view(group, "app").status()).isInstanceOf(ContainerView.Status.Running.class);
  }
}
