package io.podyard.controlplane.door;

import io.podyard.api.Action;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The operation of each action. */
public final class Operations {

  /** Actions of the contract that have no feature behind them yet. */
  public static final Set<Action> NOT_BUILT = Set.of();

  private final Map<Action, Operation<?, ?>> byAction = new EnumMap<>(Action.class);

  /**
   * @throws IllegalStateException if an action has several operations, or none though it is not
   *     among those without one
   */
  public Operations(Collection<? extends Operation<?, ?>> operations, Set<Action> withoutOne) {
    for (Operation<?, ?> operation : operations) {
      if (byAction.put(operation.action(), operation) != null) {
        throw new IllegalStateException(operation.action() + " has two operations");
      }
    }
    for (Action action : Action.values()) {
      if (byAction.containsKey(action) == withoutOne.contains(action)) {
        throw new IllegalStateException(
            withoutOne.contains(action)
                ? action + " has an operation but counts as not built"
                : action + " has no operation");
      }
    }
  }

  /** The operation, or nothing if the action is not built. */
  public Optional<Operation<?, ?>> of(Action action) {
    return Optional.ofNullable(byAction.get(action));
  }
}
