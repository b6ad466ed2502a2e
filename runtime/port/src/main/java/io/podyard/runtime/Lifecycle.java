package io.podyard.runtime;

import java.util.stream.Stream;
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
  public boolean isProbed() {
    return livenessProbe != null || readinessProbe != null;
  }

  /** What is done in the container itself or over its network, in no order. */
  public Stream<Handler> handlers() {
    return Stream.concat(
        Stream.of(
                livenessProbe == null ? null : livenessProbe.handler(),
                readinessProbe == null ? null : readinessProbe.handler())
            .filter(h -> h != null),
        Stream.of(postStart, preStop).filter(h -> h != null));
  }
}
