package io.podyard.runtime.pod;

import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.CoreDumpReceiver;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupGpus;
import io.podyard.runtime.GroupJournal;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Does one action of a plan. */
record EngineCall(
    ContainerEngine engine,
    GroupOrder order,
    Fence fence,
    GroupJournal journal,
    CheckRunner checks,
    InstantSource clock) {

  /**
   * Calls the engine.
   *
   * @return the engine's refusal, if it will never do so
   */
  Optional<Attempted.Refusal> perform(EngineAction action)
      throws RuntimeUnavailableException, StaleFenceException {
    switch (action) {
      case EngineAction.CreateSandbox _ ->
          engine.createSandbox(
              new SandboxOrder(order.installation(), order.account(), order.group(), order.spec()),
              fence);
      case EngineAction.BeginPull pull -> engine.beginPull(pullOrder(pull), fence);
      case EngineAction.CreateContainer create -> {
        try {
          engine.createContainer(containerOrder(create), fence);
        } catch (ContainerRefusedException e) {
          return Optional.of(refusal(create.container(), create.attempt(), e));
        }
      }
      case EngineAction.StartContainer start -> {
        try {
          engine.startContainer(start.engineId(), fence);
        } catch (ContainerRefusedException e) {
          return Optional.of(refusal(start.container(), start.attempt(), e));
        }
      }
      case EngineAction.BeginStop stop -> {
        Duration grace = Duration.between(clock.instant(), stop.killAt());
        engine.beginStop(stop.engineId(), grace.isNegative() ? Duration.ZERO : grace, fence);
      }
      case EngineAction.Kill kill -> engine.beginStop(kill.engineId(), Duration.ZERO, fence);
      case EngineAction.BeginHook hook -> checks.begin(engine, order, hook, fence);
      case EngineAction.UpdateSandbox _ ->
          engine.updateSandbox(
              new SandboxOrder(order.installation(), order.account(), order.group(), order.spec()),
              fence);
      case EngineAction.TakeCoreDump take -> takeCoreDump(take);
      case EngineAction.RemoveContainer remove -> engine.removeContainer(remove.engineId(), fence);
      case EngineAction.RemoveSandbox _ ->
          engine.removeSandbox(order.installation(), order.group(), fence);
    }
    return Optional.empty();
  }

  private void takeCoreDump(EngineAction.TakeCoreDump take)
      throws RuntimeUnavailableException, StaleFenceException {
    Optional<CoreDumpReceiver> receiver = journal.coreDumps();
    if (receiver.isPresent()) {
      receiver
          .get()
          .receive(
              take.container(),
              take.exitCode(),
              (out, mostBytes) -> engine.readCoreDump(take.engineId(), mostBytes, fence, out));
    }
  }

  private PullOrder pullOrder(EngineAction.BeginPull pull) {
    GroupSpec spec = order.spec();
    return new PullOrder(
        order.account(),
        order.group(),
        pull.image(),
        pull.retry(),
        spec.registryCredentials(),
        spec.plainHttpRegistries(),
        spec.insecureRegistries(),
        spec.cached(pull.image()).orElse(null),
        Stream.concat(spec.initContainers().stream(), spec.containers().stream())
            .anyMatch(c -> c.image().equals(pull.image()) && c.pullPolicy() == PullPolicy.ALWAYS));
  }

  private ContainerOrder containerOrder(EngineAction.CreateContainer create) {
    GroupSpec group = order.spec();
    ContainerSpec spec =
        Stream.concat(group.initContainers().stream(), group.containers().stream())
            .filter(c -> c.name().equals(create.container()))
            .findFirst()
            .orElseThrow();
    return new ContainerOrder(
        new ContainerName(
            order.installation(), order.group(), create.container(), create.attempt()),
        order.account(),
        group,
        spec,
        create.podIp(),
        gpus(create.container()));
  }

  private List<Integer> gpus(String container) {
    GroupGpus gpus = order.spec().gpus();
    return gpus == null ? List.of() : gpus.devices(container, order.gpus());
  }

  private static Attempted.Refusal refusal(
      String container, int attempt, ContainerRefusedException e) {
    String message = e.getMessage();
    return new Attempted.Refusal(container, attempt, e.reason(), message == null ? "" : message);
  }
}
