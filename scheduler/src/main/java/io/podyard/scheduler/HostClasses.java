package io.podyard.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The classes of a region's hosts, numbered from 0. */
final class HostClasses {

  static final int NONE = -1;

  private final List<HostClass> classes = new ArrayList<>();
  private final List<Integer> hosts = new ArrayList<>();
  private final Map<HostClass, Integer> numbers = new HashMap<>();
  private int changes;

  /** By number, also those that have no host any more. */
  List<HostClass> all() {
    return classes;
  }

  HostClass get(int number) {
    return classes.get(number);
  }

  /** Changes whenever what a number means does. */
  int changes() {
    return changes;
  }

  /** The number of a host's class, which had that number or {@link #NONE} before. */
  int enter(int before, HostClass now) {
    if (before != NONE && classes.get(before).equals(now)) {
      return before;
    }
    Integer known = numbers.get(now);
    int number = known == null ? add(now) : known;
    hosts.set(number, hosts.get(number) + 1);
    if (before != NONE) {
      leave(before);
    }
    return number;
  }

  void leave(int number) {
    hosts.set(number, hosts.get(number) - 1);
  }

  private int add(HostClass added) {
    // A class that has no host any more lends its number.
    int number = hosts.indexOf(0);
    if (number < 0) {
      number = classes.size();
      classes.add(added);
      hosts.add(0);
    } else {
      numbers.remove(classes.set(number, added));
    }
    numbers.put(added, number);
    changes++;
    return number;
  }
}
