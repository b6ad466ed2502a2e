package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Decision;
import io.podyard.controlplane.placement.KeptHosts;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.ContainerGroupId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Gives waiting groups a host as soon as one has room, in the order of {@link WaitingLine}; one
 * that is too large for now does not hold up the others, nor does one that something is wrong with.
 * Says why they wait, and ends those whose time is over. Every process may do it: the binding is
 * guarded. By one thread at a time.
 */
@Component
class WaitingGroups {

  /** Of each only little is kept, and what the same groups want is asked for once. */
  static final int MOST_IN_TURN = 10_000;

  private static final int MOST_OUT_OF_TURN = 1_000;

  private final WaitingLine line;
  private final WaitingRounds rounds;
  private final WaitingBindings bindings;
  private final WaitingReasons reasons;
  private final LargeGroups large;
  private final GivingWay givingWay;
  private final Runnable hostsChanged;
  private final Clock clock;
  private @Nullable WaitingGroup lookedAt;

  WaitingGroups(
      WaitingLine line,
      WaitingRounds rounds,
      WaitingBindings bindings,
      GroupStore groups,
      KeptHosts keptHosts,
      GivingWay givingWay,
      CapacityReturned capacityReturned,
      PodyardSettings settings,
      Clock clock) {
    this.line = line;
    this.rounds = rounds;
    this.bindings = bindings;
    this.reasons = new WaitingReasons(groups, clock);
    this.givingWay = givingWay;
    this.hostsChanged = capacityReturned::toHosts;
    this.large = new LargeGroups(line, keptHosts, settings.keepHostAfter(), clock, hostsChanged);
    this.clock = clock;
  }

  /**
   * Those whose turn is first, and where these are so many that they could hide the others, a part
   * of the others: each time the next.
   */
  List<WaitingGroup> waiting() {
    rounds.waitedFor().looking();
    List<WaitingGroup> first = line.first(MOST_IN_TURN, rounds.capacities());
    if (first.isEmpty()) {
      rounds.waitedFor().looked(List.of());
    }
    if (first.size() < MOST_IN_TURN) {
      return first;
    }
    List<WaitingGroup> others = line.oldest(lookedAt, MOST_OUT_OF_TURN);
    lookedAt = others.size() < MOST_OUT_OF_TURN ? null : others.getLast();
    Map<ContainerGroupId, WaitingGroup> all = new LinkedHashMap<>();
    first.forEach(group -> all.put(group.id(), group));
    others.forEach(group -> all.putIfAbsent(group.id(), group));
    return List.copyOf(all.values());
  }

  /**
   * Gives these a host as far as there is room, with the picture of the hosts that this process
   * has.
   *
   * @return whether more may fit, of those that were not looked at
   */
  boolean round(List<WaitingGroup> waiting) {
    WaitingRound round = rounds.of(waiting);
    if (waiting.isEmpty()) {
      large.look(List.of(), round);
      return false;
    }
    List<WaitingGroup> left = new ArrayList<>();
    WaitingBindings.Round writing = bindings.begin();
    try (writing) {
      for (WaitingGroup group : waiting) {
        if (!round.knows(group.id())) {
          continue;
        }
        try {
          if (isOver(group)) {
            fail(group, round, writing);
            continue;
          }
          Optional<PlaceChoice.Chosen> chosen = round.pick(group);
          if (chosen.isPresent()) {
            writing.bind(group, chosen.get());
          } else {
            left.add(group);
          }
        } catch (RuntimeException poison) {
          rounds.leaveAside(group, poison);
        }
      }
      rounds.waitedFor().looked(round.left());
    }
    // Their drivers have much to do: all that wait have their hosts first.
    boolean any = writing.wake();
    // When all that could be bound is: it has the rows first.
    List<WaitingGroup> paying = left.stream().filter(group -> !group.spot()).toList();
    large.look(paying, round);
    reasons.explain(left, round);
    // The last: it plans with addresses that nobody has yet.
    if (givingWay.look(paying, round)) {
      hostsChanged.run();
    }
    return any && waiting.size() >= MOST_IN_TURN;
  }

  private boolean isOver(WaitingGroup group) {
    Instant deadline = group.deadlineAt();
    return deadline != null && !clock.instant().isBefore(deadline);
  }

  private static void fail(WaitingGroup group, WaitingRound round, WaitingBindings.Round writing) {
    boolean tooDear = round.tooDear(group.id()).isPresent();
    String why =
        (tooDear ? "It got no host in time. " : "No host had room in time. ")
            + round.why(group.id()).orElse("");
    @Nullable Decision last = tooDear ? null : round.decision(group.id());
    writing.fail(group, why.strip(), last);
  }
}
