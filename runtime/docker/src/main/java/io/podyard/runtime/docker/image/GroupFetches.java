package io.podyard.runtime.docker.image;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the newest fetch of each image for each group stands, as far as this process knows. */
final class GroupFetches {

  /** Beyond these the oldest are forgotten, unless something is fetched for them just now. */
  private static final int MOST_GROUPS = 10_000;

  private final Map<ContainerGroupId, Map<String, State>> groups = new LinkedHashMap<>();

  sealed interface State {}

  record None() implements State {}

  record Running(int retry, FetchProgress progress) implements State {}

  record Done(int retry, ImageView.Present image) implements State {}

  record Broken(int retry, ImageView.Failed failure, Instant at) implements State {}

  synchronized State find(ContainerGroupId group, String image) {
    return groups.getOrDefault(group, Map.of()).getOrDefault(image, new None());
  }

  /**
   * Whether a fetch is to begin now; it is noted then.
   *
   * @param present whether the engine has the image for the group's account
   */
  synchronized boolean begin(PullOrder order, FetchProgress progress, boolean present) {
    boolean begin =
        switch (find(order.group(), order.image())) {
          case None _ -> true;
          case Running _ -> false;
          case Done(int retry, ImageView.Present _) -> !present || order.retry() > retry;
          case Broken broken -> order.retry() > broken.retry();
        };
    if (begin) {
      put(order, new Running(order.retry(), progress));
    }
    return begin;
  }

  /** Whether this is still the fetch that its group waits for. */
  synchronized boolean runs(PullOrder order, FetchProgress progress) {
    return find(order.group(), order.image()) instanceof Running running
        && running.progress() == progress;
  }

  synchronized void end(PullOrder order, State state) {
    put(order, state);
  }

  private void put(PullOrder order, State state) {
    groups.computeIfAbsent(order.group(), _ -> new HashMap<>()).put(order.image(), state);
    Iterator<Map<String, State>> oldest = groups.values().iterator();
    while (groups.size() > MOST_GROUPS && oldest.hasNext()) {
      if (oldest.next().values().stream().noneMatch(Running.class::isInstance)) {
        oldest.remove();
      }
    }
  }

  synchronized void forget(ContainerGroupId group) {
    groups.remove(group);
  }
}
