package io.podyard.scheduler;

import io.podyard.model.PoolId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a request's zone and wishes mean for the classes of hosts of a region: which will do, and in
 * which order they are looked at. A group of classes is compared by one policy; the next group is
 * looked at only if no host of those before it has room. Hosts that are near come before the others
 * of their policy.
 */
final class ClassFilter {

  /** Classes of which the best host is taken by one policy. */
  record Group(PlacementPolicy policy, int[] classes) {}

  /** That of a region without hosts. */
  static final ClassFilter NOTHING = new ClassFilter();

  private static final int NO_GROUP = -1;

  private final @Nullable RuledOut[] reasons;
  private final int[] groupOf;
  private final int[] groupWithImages;
  private final List<Group> groups = new ArrayList<>();

  private ClassFilter() {
    reasons = new RuledOut[0];
    groupOf = new int[0];
    groupWithImages = new int[0];
  }

  ClassFilter(
      PlacementRequest request,
      List<HostClass> classes,
      Function<PoolId, PlacementPolicy> policies) {
    reasons = new RuledOut[classes.size()];
    groupOf = new int[classes.size()];
    groupWithImages = new int[classes.size()];
    for (int number = 0; number < reasons.length; number++) {
      reasons[number] = RuledOut.place(request, classes.get(number));
      groupOf[number] = NO_GROUP;
      groupWithImages[number] = NO_GROUP;
    }
    List<PoolId> pools = request.wishes().pools();
    if (pools.isEmpty()) {
      // Scores of two policies cannot be compared, so each has a turn of its own.
      for (PlacementPolicy policy : PlacementPolicy.values()) {
        nearAndOther(
            policy, classes, number -> policies.apply(classes.get(number).pool()) == policy);
      }
    } else {
      for (PoolId pool : pools) {
        nearAndOther(
            policies.apply(pool), classes, number -> classes.get(number).pool().equals(pool));
      }
    }
  }

  /** Why no host of a class will ever do; null if they will. */
  @Nullable RuledOut reason(int classNumber) {
    return reasons[classNumber];
  }

  /**
   * The groups in the order of their turns, with those classes alone that are ready, will do and
   * are not kept for others.
   */
  List<Group> groups() {
    return groups;
  }

  /** The turn of a class, or a negative number if it has none. */
  int groupOf(int classNumber) {
    return groupOf[classNumber];
  }

  /**
   * The turn in which a host of a class is compared with others for the images that it has, if one
   * of those has room: that of near ones.
   */
  int groupWithImages(int classNumber) {
    return groupWithImages[classNumber];
  }

  private void nearAndOther(PlacementPolicy policy, List<HostClass> classes, IntPredicate belongs) {
    int first = groups.size();
    group(policy, classes, number -> belongs.test(number) && classes.get(number).near(), first);
    group(policy, classes, belongs, first);
  }

  private void group(
      PlacementPolicy policy, List<HostClass> classes, IntPredicate belongs, int withImages) {
    int[] members =
        IntStream.range(0, classes.size())
            .filter(number -> reasons[number] == null && groupOf[number] == NO_GROUP)
            .filter(number -> classes.get(number).isOpen() && belongs.test(number))
            .toArray();
    if (members.length > 0) {
      for (int number : members) {
        groupOf[number] = groups.size();
        groupWithImages[number] = withImages;
      }
      groups.add(new Group(policy, members));
    }
  }
}
