package io.podyard.runtime.pod;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Occurrence;

/** Turns what probes found into readiness, and kills what is not alive any more. */
final class Health {

  private final Draft draft;

  Health(Draft draft) {
    this.draft = draft;
  }

  void mind() {
    for (ContainerSpec spec : draft.specs().toList()) {
      ContainerProgress progress = draft.progress(spec);
      if (progress.current() instanceof ContainerStatus.Running) {
        if (spec.lifecycle().readinessProbe() == null && !progress.ready()) {
          // It ran before anybody stored whether it is ready.
          progress = progress.ready(true, "");
          draft.put(progress);
        }
        ContainerProgress running = progress;
        draft
            .attempted
            .checks()
            .verdict(spec.name(), progress.attempt())
            .ifPresent(verdict -> mind(running, verdict));
      }
    }
  }

  private void mind(ContainerProgress progress, Checks.Verdict verdict) {
    Boolean ready = verdict.ready();
    if (ready != null) {
      if (!ready && progress.unready().isEmpty()) {
        draft.tell(
            Occurrence.warning(
                "Unhealthy",
                "Readiness probe of container "
                    + progress.name()
                    + " failed: "
                    + verdict.unready()));
      }
      draft.put(progress.ready(ready, verdict.unready()));
    }
    String dead = verdict.dead();
    if (dead == null) {
      return;
    }
    draft
        .view(progress)
        .ifPresent(
            view -> {
              ContainerStops stops = new ContainerStops(draft);
              if (!stops.isBegun(view)) {
                draft.tell(
                    Occurrence.warning(
                        "Unhealthy",
                        "Liveness probe of container " + progress.name() + " failed: " + dead));
                draft.tell(
                    Occurrence.normal(
                        "Killing", "Container " + progress.name() + " failed its liveness probe"));
              }
              stops.stop(view);
            });
  }
}
