package io.podyard.runtime.pod;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Occurrence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes and starts what is due: init containers strictly one after the other, then all others. The
 * number of an attempt is stored before its container is made.
 */
final class ContainerStarts {

  private final Draft draft;
  private final ImageFetches fetches;

  ContainerStarts(Draft draft, ImageFetches fetches) {
    this.draft = draft;
    this.fetches = fetches;
  }

  void advance() {
    Optional<ContainerSpec> nextInit =
        draft.order.spec().initContainers().stream()
            .filter(spec -> !(draft.progress(spec).current() instanceof ContainerStatus.Terminated))
            .findFirst();
    List<ContainerSpec> due =
        nextInit.map(List::of).orElseGet(() -> draft.order.spec().containers());
    Set<String> dueNames = due.stream().map(ContainerSpec::name).collect(Collectors.toSet());
    for (ContainerSpec spec : draft.specs().toList()) {
      if (!(draft.progress(spec).current() instanceof ContainerStatus.Waiting)) {
        continue;
      }
      if (dueNames.contains(spec.name())) {
        advance(spec);
      } else {
        initializing(spec);
      }
    }
  }

  private void initializing(ContainerSpec spec) {
    ContainerStatus.Waiting wait =
        new ContainerStatus.Waiting("PodInitializing", "waits for init containers");
    draft.status(
        draft.progress(spec), fetches.ready(spec) ? wait : fetches.trouble(spec).orElse(wait));
  }

  private void advance(ContainerSpec spec) {
    ContainerProgress progress = draft.progress(spec);
    boolean again = ContainerSync.betweenAttempts(progress);
    Instant notBefore = progress.notBefore();
    if (notBefore != null && draft.now.isBefore(notBefore)) {
      draft.wake(notBefore);
      return;
    }
    Optional<ContainerView> view = draft.view(progress);
    if (progress.attempt() > 0 && !again && view.isPresent()) {
      if (view.get().status() instanceof ContainerView.Status.Created) {
        draft.act(
            new EngineAction.StartContainer(
                progress.name(), progress.attempt(), view.get().engineId()));
        draft.poll();
      }
      return;
    }
    if (!fetches.seen(spec)) {
      return; // it waits only since this look; the next one asks for its image
    }
    if (!fetches.ready(spec)) {
      waitForImage(spec);
    } else if (progress.attempt() == 0) {
      if (!fetches.fetched(spec.image())) {
        draft.tell(
            Occurrence.normal(
                "Pulled", "Container image \"" + spec.image() + "\" already present on machine"));
      }
      attempt(spec, 0);
    } else if (again) {
      view.ifPresent(draft::remove);
      attempt(spec, 1);
    } else {
      // Stored, but never made: whoever stored it did not get so far.
      create(progress);
    }
  }

  private void waitForImage(ContainerSpec spec) {
    ContainerProgress progress = draft.progress(spec);
    ContainerStatus.Waiting trouble =
        fetches
            .trouble(spec)
            .orElseGet(
                () -> new ContainerStatus.Waiting("ContainerCreating", fetches.waiting(spec)));
    boolean news =
        trouble.reason().equals("ErrImageNeverPull") && !trouble.equals(progress.current());
    if (news) {
      draft.tell(Occurrence.warning("ErrImageNeverPull", trouble.message()));
    }
    draft.status(progress, trouble);
  }

  private void attempt(ContainerSpec spec, int restarts) {
    ContainerProgress progress = draft.progress(spec);
    ContainerProgress next =
        new ContainerProgress(
            progress.name(),
            progress.attempt() + 1,
            progress.restarts() + restarts,
            new ContainerStatus.Waiting("ContainerCreating", "is being made"),
            progress.previous(),
            progress.backOffSeconds(),
            null,
            progress.firstStartedAt(),
            false,
            "",
            spec.revision());
    draft.put(next);
    create(next);
  }

  private void create(ContainerProgress progress) {
    String podIp = draft.ip == null ? "" : draft.ip;
    draft.act(new EngineAction.CreateContainer(progress.name(), progress.attempt(), podIp));
    draft.poll();
  }
}
