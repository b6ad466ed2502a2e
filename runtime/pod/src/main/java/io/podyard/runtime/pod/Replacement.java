package io.podyard.runtime.pod;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.Occurrence;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings a group that was made from an older spec to the wanted one: containers whose part of it
 * changed are stopped with their grace, then what the group shares is changed, then they are made
 * anew. The sandbox, and with it the group's address, stays.
 */
final class Replacement {

  private final Draft draft;

  Replacement(Draft draft) {
    this.draft = draft;
  }

  /** Whether the host has yet to be brought to the wanted spec. */
  boolean isDue() {
    return draft.generation < draft.order.generation()
        || draft.progress().stream().anyMatch(this::stale);
  }

  private boolean stale(ContainerProgress progress) {
    return draft
        .spec(progress.name())
        .map(spec -> spec.revision() != progress.revision())
        .orElse(true);
  }

  /** Whether there was nothing to wait for. */
  boolean begin() {
    draft.phase = GroupPhase.REPLACING;
    draft.killAt = draft.graceEnd();
    draft.reason = "";
    draft.message = "";
    draft.pendingSince = draft.now;
    for (ContainerProgress progress : draft.progress()) {
      if (stale(progress) && progress.current() instanceof ContainerStatus.Running) {
        draft.tell(
            Occurrence.normal(
                "Killing", "Stopping container " + progress.name() + ", it is made anew"));
      }
    }
    return advance();
  }

  /** Whether it is done, and the containers may be made. */
  boolean advance() {
    List<ContainerView> alive =
        draft.progress().stream()
            .filter(this::stale)
            .flatMap(progress -> draft.alive(progress).stream())
            .toList();
    if (!alive.isEmpty()) {
      ContainerStops stops = new ContainerStops(draft);
      alive.forEach(view -> stops.stop(view, Objects.requireNonNullElse(draft.killAt, draft.now)));
      return false;
    }
    if (!obsoleteAreGone() || !sandboxIsUpdated()) {
      return false;
    }
    again();
    return true;
  }

  /** Before they are forgotten, so that no container of the same name is ever taken for another. */
  private boolean obsoleteAreGone() {
    List<ContainerView> left =
        draft.progress().stream()
            .filter(progress -> draft.spec(progress.name()).isEmpty())
            .flatMap(progress -> draft.view(progress).stream())
            .toList();
    left.forEach(draft::remove);
    if (!left.isEmpty()) {
      draft.poll();
    }
    return left.isEmpty();
  }

  /** What all containers share is changed while none runs that is to see the change. */
  private boolean sandboxIsUpdated() {
    long generation = draft.order.generation();
    if (draft.generation >= generation
        || draft.attempted.begun().contains(new Attempted.Begun.SandboxUpdate(generation))) {
      draft.generation = Math.max(draft.generation, generation);
      return true;
    }
    draft.act(new EngineAction.UpdateSandbox(generation));
    draft.poll();
    return false;
  }

  private void again() {
    Set<String> replaced =
        draft
            .specs()
            .filter(spec -> stale(draft.progress(spec)))
            .map(ContainerSpec::name)
            .collect(Collectors.toSet());
    draft
        .specs()
        .filter(spec -> replaced.contains(spec.name()))
        .map(ContainerSpec::image)
        .forEach(draft.pulls::remove);
    draft.arrange(
        draft
            .specs()
            .map(spec -> replaced.contains(spec.name()) ? fresh(spec) : draft.progress(spec))
            .toList());
    draft.phase = GroupPhase.STARTING;
    // Whatever kept the change waiting is over.
    draft.reason = "";
    draft.message = "";
    draft.killAt = null;
    draft.pendingSince = draft.now;
  }

  private ContainerProgress fresh(ContainerSpec spec) {
    ContainerProgress old = draft.progress(spec);
    if (old.attempt() == 0) {
      return ContainerProgress.initial(spec);
    }
    ContainerStatus.@Nullable Terminated end =
        old.current() instanceof ContainerStatus.Terminated ended ? ended : old.previous();
    return new ContainerProgress(
        old.name(),
        old.attempt(),
        old.restarts(),
        new ContainerStatus.Waiting("ContainerCreating", "is made anew"),
        end,
        0,
        draft.now,
        null,
        false,
        "",
        spec.revision());
  }
}
