package io.podyard.controlplane.simulation;

import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.DirectWriter.CommitFailure;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What may happen to a process at each commit and each engine call, right before and right after
 * it: it dies, it hears that the call failed though it may have been done, or it stands still while
 * the others go on, without its lease in the end.
 */
final class Interruptions {

  private static final Set<String> COMMITS =
      Set.of("create", "delete", "change", "bind", "transition", "hostLost", "giveWay");

  private final SplittableRandom random;
  private final double chance;
  private final Consumer<String> story;
  private final Consumer<String> standStill;
  private final Set<String> dead = new HashSet<>();
  private boolean on = true;
  private int commits;

  /**
   * @param chance of an interruption at each point
   * @param standStill has the others go on while the process named does not
   */
  Interruptions(
      SplittableRandom random, double chance, Consumer<String> story, Consumer<String> standStill) {
    this.random = random;
    this.chance = chance;
    this.story = story;
    this.standStill = standStill;
  }

  void off() {
    on = false;
  }

  /** How many commits were tried so far. */
  int commits() {
    return commits;
  }

  /** Whether a process died, though something in it may have caught what ended it. */
  boolean died(String process) {
    return dead.contains(process);
  }

  CommitPoints of(String process) {
    return (name, side) -> reached(process, name, side);
  }

  private void reached(String process, String name, CommitPoints.Side side) {
    if (dead.contains(process)) {
      throw new ProcessDied(process, "before");
    }
    commits += COMMITS.contains(name) ? 1 : 0;
    String where = (side == CommitPoints.Side.BEFORE ? "before " : "after ") + name;
    story.accept("  " + process + " " + where);
    if (!on || random.nextDouble() >= chance) {
      return;
    }
    switch (random.nextInt(3)) {
      case 0 -> {
        dead.add(process);
        throw new ProcessDied(process, where);
      }
      case 1 -> {
        story.accept("  " + process + " hears nothing of " + name);
        if (COMMITS.contains(name)) {
          throw new CommitFailure("the connection was lost " + where);
        }
        throw unchecked(new RuntimeUnavailableException("the engine was lost " + where));
      }
      default -> standStill.accept(process);
    }
  }

  /** Points declare nothing, but every engine call does. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException unchecked(Throwable failure) throws E {
    throw (E) failure;
  }
}
