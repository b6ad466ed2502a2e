package io.podyard.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The GPUs of a group, and which of them each of its containers sees. They are the same number for
 * all its life. A place is a number from 0 on that stands for one of them; on the group's host the
 * device of a place is that of the same rank among the devices that are reserved for the group, so
 * a container has the same ones whenever and by whomever it is made.
 *
 * @param count how many devices, 1 or more
 * @param milliEach thousandths of each of them; 1000 if there are several
 * @param places of the containers that see any, by name; containers that run at the same time have
 *     none in common
 */
public record GroupGpus(int count, int milliEach, Map<String, List<Integer>> places) {

  /** Thousandths of a device that nobody else uses. */
  public static final int WHOLE = 1000;

  /**
   * @throws IllegalArgumentException if out of range, or if several devices are to be shared
   */
  public GroupGpus {
    if (count < 1 || milliEach < 1 || milliEach > WHOLE || (count > 1 && milliEach < WHOLE)) {
      throw new IllegalArgumentException(
          "no group has %s GPUs with %s thousandths each".formatted(count, milliEach));
    }
    Map<String, List<Integer>> copy = new TreeMap<>();
    for (Map.Entry<String, List<Integer>> one : places.entrySet()) {
      for (int place : one.getValue()) {
        if (place < 0 || place >= count) {
          throw new IllegalArgumentException(
              "container %s cannot have place %s of %s".formatted(one.getKey(), place, count));
        }
      }
      if (!one.getValue().isEmpty()) {
        copy.put(one.getKey(), List.copyOf(one.getValue()));
      }
    }
    places = Collections.unmodifiableMap(copy);
  }

  /** So many GPUs, none of which a container has yet. */
  public static GroupGpus of(int count, int milliEach) {
    return new GroupGpus(count, milliEach, Map.of());
  }

  /** Thousandths of a device in all. */
  public int milli() {
    return count * milliEach;
  }

  /** How many a container sees. */
  public int of(String container) {
    return places.getOrDefault(container, List.of()).size();
  }

  /**
   * The same, divided among containers that run one after the other and others that run together.
   * Who has as many as before keeps them; else the first that are free are given.
   *
   * @param init how many each init container sees, in their order; each may see all of them
   * @param together how many each of the others sees, in their order; no more than there are
   * @throws IllegalArgumentException if there are not so many
   */
  public GroupGpus dividedAmong(Map<String, Integer> init, Map<String, Integer> together) {
    Map<String, List<Integer>> divided = new TreeMap<>();
    init.forEach((container, wanted) -> divided.put(container, first(wanted, Set.of())));
    Set<Integer> taken = new HashSet<>();
    together.forEach(
        (container, wanted) -> {
          List<Integer> had = places.getOrDefault(container, List.of());
          if (had.size() == wanted && Collections.disjoint(had, taken)) {
            divided.put(container, had);
            taken.addAll(had);
          }
        });
    together.forEach(
        (container, wanted) -> {
          if (!divided.containsKey(container)) {
            List<Integer> free = first(wanted, taken);
            divided.put(container, free);
            taken.addAll(free);
          }
        });
    return new GroupGpus(count, milliEach, divided);
  }

  private List<Integer> first(int wanted, Set<Integer> taken) {
    List<Integer> free = new ArrayList<>();
    for (int place = 0; place < count && free.size() < wanted; place++) {
      if (!taken.contains(place)) {
        free.add(place);
      }
    }
    if (free.size() < wanted) {
      throw new IllegalArgumentException("there are no " + wanted + " GPUs left of " + count);
    }
    return free;
  }

  /**
   * The devices that a container sees, by their numbers on the host.
   *
   * @param reserved the devices of the group, ascending, as many as it has
   */
  public List<Integer> devices(String container, List<Integer> reserved) {
    if (reserved.size() != count) {
      throw new IllegalArgumentException(
          "%s devices are reserved for a group with %s".formatted(reserved.size(), count));
    }
    return places.getOrDefault(container, List.of()).stream().map(reserved::get).toList();
  }
}
