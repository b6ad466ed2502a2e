package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.Decision;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.Explanation;
import io.podyard.scheduler.PlacementRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tries the places of a group one after the other. A place will do if its vSwitch has an address
 * for the group and one of its hosts has room.
 */
@Component
class PlaceChoice {

  /**
   * What became of it.
   *
   * @param place the one that will do, or at which the group can wait
   * @param pick a host there, whose capacity is set aside until the pick is settled; empty if the
   *     group has to wait
   * @param waits why it has to, in words; empty if it has a host
   * @param noRoom what no host has room for, if it has to wait for that; empty if it has a host, or
   *     others come first for the room that there is
   */
  record Chosen(
      GroupPlace place,
      Optional<Placement.Pick> pick,
      String waits,
      List<PlacementRequest> noRoom) {}

  /** What is said of a group until those that wait were looked at, and it with them. */
  static final String OTHERS_FIRST =
      "There is room, but others wait for it; the group has its turn with them.";

  private final GroupPlaces places;
  private final Placement placement;

  PlaceChoice(GroupPlaces places, Placement placement) {
    this.places = places;
    this.placement = placement;
  }

  /**
   * Gives a new group a host, if one has room that nobody waits for who comes before it, or the
   * first place where it can wait for one.
   *
   * @param tries at least one
   * @param spot whether it is a spot group
   * @param refused is told of the hosts if none at any place could ever take the group
   * @throws ApiException if no host at any place could ever take the group, or where one could, no
   *     address is free
   */
  Chosen chooseNew(
      List<GroupPlace> tries, boolean spot, VSwitchPicture picture, Consumer<Decision> refused) {
    return pickNew(tries, spot, picture).orElseGet(() -> wait(tries, picture, refused));
  }

  /**
   * What so many new groups would get that are not made: up to the first that gets no host, and
   * that one. No room is taken by it, not for a moment.
   *
   * @param tries of each of the groups; by what is in memory, because nobody picks meanwhile
   * @throws ApiException as {@link #chooseNew} does
   */
  List<Chosen> rehearse(
      int groups, IntFunction<List<GroupPlace>> tries, boolean spot, VSwitchPicture picture) {
    return placement.alone(
        () -> {
          List<Chosen> all = new ArrayList<>();
          try {
            do {
              all.add(chooseNew(tries.apply(all.size()), spot, picture, _ -> {}));
            } while (all.size() < groups && all.getLast().pick().isPresent());
          } finally {
            all.forEach(chosen -> chosen.pick().ifPresent(placement::notWritten));
          }
          return all;
        });
  }

  private Chosen wait(List<GroupPlace> tries, VSwitchPicture picture, Consumer<Decision> refused) {
    Map<GroupPlace, Explanation> possible = new LinkedHashMap<>();
    Decision first = null;
    for (GroupPlace place : tries) {
      Decision decision = placement.decide(places.hostsFor(place));
      first = first == null ? decision : first;
      if (decision.explanation().couldEverFit()) {
        possible.put(place, decision.explanation());
      }
    }
    if (possible.isEmpty()) {
      Decision decision = Objects.requireNonNull(first);
      refused.accept(decision);
      throw refusal(tries, decision.explanation());
    }
    GroupPlace place =
        possible.keySet().stream()
            .filter(picture::hasAddress)
            .findFirst()
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.INVALID_VSWITCH_ID_IP_NOT_ENOUGH,
                        reasons(List.copyOf(possible.keySet()), picture, this::explain)));
    List<PlacementRequest> noRoom = noRoom(tries, picture);
    picture.decide(place);
    return new Chosen(place, Optional.empty(), why(tries, place, picture, this::explain), noRoom);
  }

  /** What is asked of hosts where a group could be but for them. */
  List<PlacementRequest> noRoom(List<GroupPlace> tries, VSwitchPicture picture) {
    return tries.stream().filter(picture::hasAddress).map(places::hostsFor).toList();
  }

  /**
   * Picks a host for a new group at the first place that will do; without one, that place, if there
   * is room but others come first; empty if no host has room.
   */
  Optional<Chosen> pickNew(List<GroupPlace> tries, boolean spot, VSwitchPicture picture) {
    GroupPlace theirs = null;
    for (GroupPlace place : tries) {
      if (!picture.hasAddress(place)) {
        continue;
      }
      Placement.NewPick its = placement.pickNew(places.hostsFor(place), spot);
      if (its.pick().isPresent()) {
        picture.take(place);
        return Optional.of(new Chosen(place, its.pick(), "", List.of()));
      }
      theirs = theirs == null && its.othersFirst() ? place : theirs;
    }
    if (theirs == null) {
      return Optional.empty();
    }
    picture.decide(theirs);
    return Optional.of(new Chosen(theirs, Optional.empty(), OTHERS_FIRST, List.of()));
  }

  /**
   * Picks a host at the first place that will do; empty if none will now.
   *
   * @param pickHost picks a host; it may remember that there is none
   */
  Optional<Chosen> pick(
      List<GroupPlace> tries,
      VSwitchPicture picture,
      Function<PlacementRequest, Optional<Placement.Pick>> pickHost) {
    for (GroupPlace place : tries) {
      if (picture.hasAddress(place)) {
        Optional<Placement.Pick> pick = pickHost.apply(places.hostsFor(place));
        if (pick.isPresent()) {
          picture.take(place);
          return Optional.of(new Chosen(place, pick, "", List.of()));
        }
      }
    }
    return Optional.empty();
  }

  private Explanation explain(GroupPlace place) {
    return placement.explain(places.hostsFor(place));
  }

  /**
   * Why none of the places will do, in words; empty if one would now.
   *
   * @param explain explains what is asked of hosts; it may remember
   */
  Optional<String> why(
      List<GroupPlace> tries,
      VSwitchPicture picture,
      Function<PlacementRequest, Explanation> explain) {
    Function<GroupPlace, Explanation> ofPlace = place -> explain.apply(places.hostsFor(place));
    boolean one =
        tries.stream()
            .anyMatch(
                place -> picture.hasAddress(place) && ofPlace.apply(place).hostsFitting() > 0);
    return one ? Optional.empty() : Optional.of(why(tries, tries.getFirst(), picture, ofPlace));
  }

  private static String why(
      List<GroupPlace> tries,
      GroupPlace waitsAt,
      VSwitchPicture picture,
      Function<GroupPlace, Explanation> explain) {
    return GroupPlaces.vSwitchTries(tries).isEmpty() && waitsAt.attempt().equals(plain(tries))
        ? sentence(waitsAt, picture, explain)
        : reasons(tries, picture, explain);
  }

  /** The only way in which hosts are asked; null if there are several. */
  private static @Nullable HostAttempt plain(List<GroupPlace> tries) {
    HostAttempt first = tries.getFirst().attempt();
    return tries.stream().allMatch(place -> place.attempt().equals(first)) ? first : null;
  }

  /** What one sentence is for. */
  private record Reason(int option, String vSwitch) {

    static Reason of(GroupPlace place) {
      VSwitches.Placed vSwitch = place.vSwitch();
      return new Reason(
          place.attempt().option(), vSwitch == null ? "" : vSwitch.key().id().value());
    }
  }

  /**
   * One sentence or two for each kind of machine and vSwitch; of one that may be in several zones,
   * for the first.
   */
  private static String reasons(
      List<GroupPlace> tries, VSwitchPicture picture, Function<GroupPlace, Explanation> explain) {
    Map<Reason, GroupPlace> places = new LinkedHashMap<>();
    for (GroupPlace place : tries) {
      if (!place.attempt().aside()) {
        places.putIfAbsent(Reason.of(place), place);
      }
    }
    boolean severalOptions = places.keySet().stream().map(Reason::option).distinct().count() > 1;
    boolean severalVSwitches = places.keySet().stream().map(Reason::vSwitch).distinct().count() > 1;
    // Without an address in a vSwitch it is the same for every kind of machine.
    Set<String> sentences = new LinkedHashSet<>();
    places.forEach(
        (reason, place) -> {
          StringBuilder sentence = new StringBuilder();
          if (picture.hasAddress(place)) {
            sentence.append(severalOptions ? place.attempt().label() + ": " : "");
            sentence.append(
                severalVSwitches && !reason.vSwitch().isEmpty()
                    ? "VSwitchId " + reason.vSwitch() + ": "
                    : "");
          }
          sentences.add(sentence.append(sentence(place, picture, explain)).toString());
        });
    return String.join(" ", sentences);
  }

  private static String sentence(
      GroupPlace place, VSwitchPicture picture, Function<GroupPlace, Explanation> explain) {
    VSwitches.Placed vSwitch = place.vSwitch();
    return vSwitch == null || picture.hasAddress(place)
        ? explain.apply(place).sentence()
        : VSwitchPicture.noAddress(vSwitch.key(), vSwitch.cidr());
  }

  private ApiException refusal(List<GroupPlace> tries, Explanation explanation) {
    GroupPlace place = tries.getFirst();
    PlacementRequest wanted = place.wanted();
    List<ZoneId> others = placement.openZones(wanted.region());
    if (explanation.anyHostInZone() || others.isEmpty()) {
      String sentence =
          plain(tries) == null
              ? tries.stream()
                  .filter(other -> !other.attempt().aside())
                  .collect(
                      Collectors.toMap(
                          other -> other.attempt().label(),
                          other -> explain(other).sentence(),
                          (first, next) -> first,
                          LinkedHashMap::new))
                  .entrySet()
                  .stream()
                  .map(entry -> entry.getKey() + ": " + entry.getValue())
                  .collect(Collectors.joining(" "))
              : explanation.sentence();
      return new ApiException(ErrorCode.OPERATION_DENIED_NO_STOCK, sentence);
    }
    VSwitches.Placed vSwitch = place.vSwitch();
    String subject =
        vSwitch == null || !vSwitch.known()
            ? "ZoneId: zone %s has no hosts".formatted(wanted.zone())
            : "VSwitchId: %s is in zone %s, which has no hosts"
                .formatted(vSwitch.key().id(), wanted.zone());
    return new ApiException(
        ErrorCode.ZONE_NOT_ON_SALE,
        "%s; the zones of %s that have hosts are %s."
            .formatted(
                subject,
                wanted.region(),
                others.stream().map(ZoneId::value).collect(Collectors.joining(", "))));
  }
}
