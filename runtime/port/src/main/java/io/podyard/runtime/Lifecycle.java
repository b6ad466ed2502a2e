package io.podyard.runtime;

import org.jspecify.annotations.Nullable;

/**
 * What is done with a container while it lives (contract section 11).
 *
 * @param livenessProbe a container that fails it is killed, and restarted as the policy says; null
 *     for one that is alive as long as it runs
 * @param readinessProbe a container that fails it is not ready; null for one that is ready as long
 *     as it runs
 * @param postStart done right after the start, the container counts as running once it is through;
 *     one that fails gets the container killed. At least once for each start.
 * @param preStop done before the stop signal, within the grace. At least once for each stop.
 */
public record Lifecycle(
    @Nullable Probe livenessProbe,
    @Nullable Probe readinessProbe,
    @Nullable Handler postStart,
    @Nullable Handler preStop) {

  /** Nothing at all. */
  public static final Lifecycle NONE = new Lifecycle(null, null, null, null);

  /** Whether the container is looked at while it runs. */
  public boolean hasProbes() {
    return livenessProbe != null || readinessProbe != null;
  }
}
