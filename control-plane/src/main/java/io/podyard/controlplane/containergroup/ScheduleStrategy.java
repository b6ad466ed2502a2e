package io.podyard.controlplane.containergroup;

import io.podyard.model.ContainerGroupId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** In which order the vSwitches of a request are tried (contract section 11). */
enum ScheduleStrategy {
  /** As they were given. */
  ORDERED("VSwitchOrdered"),
  /** At random, which spreads groups over zones; so it is if nothing is said. */
  RANDOM("VSwitchRandom");

  private final String wireName;

  ScheduleStrategy(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }

  static Optional<ScheduleStrategy> of(String name) {
    return Stream.of(values()).filter(one -> one.wireName.equals(name)).findFirst();
  }

  /**
   * What it tries first, second and so on.
   *
   * @param seed the same seed gives the same order
   */
  <T> List<T> order(List<T> given, long seed) {
    return switch (this) {
      case ORDERED -> given;
      case RANDOM -> {
        List<T> order = new ArrayList<>(given);
        Collections.shuffle(order, new SplittableRandom(seed));
        yield order;
      }
    };
  }

  /** Of a group: its id is random, and the same for whoever tries again. */
  static long seed(ContainerGroupId group) {
    return group.value().hashCode();
  }
}
