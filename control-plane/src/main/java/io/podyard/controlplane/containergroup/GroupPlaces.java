package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.inventory.ServedZones;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.settings.VSwitchRule;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.PlacementRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Where a group can be: the places to try for it, in order; nothing is written.
 *
 * <ul>
 *   <li>With a zone, those of its vSwitches that are in it, else the first one that is in no zone
 *       yet.
 *   <li>Without a zone, all its vSwitches, in the zones they are in, in the order of the strategy
 *       (contract section 11: the next zone is tried when stock is missing).
 *   <li>A vSwitch that is in no zone yet may be in any zone that has hosts, or, if the request
 *       names a zone, in that one; or it is refused, as the settings say.
 *   <li>A zone without hosts of its own has those of its region, as {@link ServedZones} says.
 *   <li>Of several kinds of machines the first is looked for at all places, then the next.
 *   <li>With disks that a host keeps, only that host will do, and only a zone that it serves
 *       (contract section 10).
 * </ul>
 */
@Component
class GroupPlaces {

  private final VSwitches vSwitches;
  private final Placement placement;
  private final ServedZones served;
  private final VSwitchRule vSwitchRule;

  GroupPlaces(
      VSwitches vSwitches, Placement placement, ServedZones served, PodyardSettings settings) {
    this.vSwitches = vSwitches;
    this.placement = placement;
    this.served = served;
    this.vSwitchRule = settings.vSwitches();
  }

  /** The vSwitches that a request names, as they are now. */
  VSwitchPicture look(AccountId account, RegionId region, GroupDraft draft) {
    return new VSwitchPicture(
        vSwitches.look(VSwitchWish.keys(account, region, draft.vSwitchIds())));
  }

  /** The vSwitches of groups that wait, as they are now. */
  VSwitchPicture look(Collection<VSwitchWish> waiting) {
    return new VSwitchPicture(
        vSwitches.look(waiting.stream().flatMap(wish -> wish.keys().stream()).distinct().toList()));
  }

  private static List<GroupPlace> each(List<HostAttempt> attempts, List<GroupPlace> places) {
    return attempts.stream().flatMap(way -> places.stream().map(way::at)).toList();
  }

  /**
   * The places of a new group, at least one.
   *
   * @param seed of the order in which its vSwitches are tried, if that is random
   * @throws ApiException if no vSwitch is in the zone asked for, or one is not known and must be,
   *     or the disks are in another zone
   */
  List<GroupPlace> of(
      AccountId account,
      RegionId region,
      GroupDraft draft,
      GroupDisks.Found disks,
      Map<HostId, Integer> imageHosts,
      VSwitchPicture picture,
      long seed) {
    return each(
        HostAttempt.of(draft.kept(), draft.spec()),
        anyhow(account, region, draft, disks, imageHosts, picture, seed));
  }

  private List<GroupPlace> anyhow(
      AccountId account,
      RegionId region,
      GroupDraft draft,
      GroupDisks.Found disks,
      Map<HostId, Integer> imageHosts,
      VSwitchPicture picture,
      long seed) {
    PlacementRequest anywhere =
        PlacementRequest.anywhereIn(region, draft.spec().size())
            .withDisk(draft.spec().ephemeralMib())
            .withGpus(GpuRules.request(draft.spec()));
    if (!imageHosts.isEmpty()) {
      anywhere = anywhere.withImagesOn(imageHosts);
    }
    ZoneId asked = draft.zone();
    List<VSwitches.Key> keys = VSwitchWish.keys(account, region, draft.vSwitchIds());
    checkKnown(keys, picture);
    if (keys.isEmpty()) {
      return withDisks(List.of(new GroupPlace(anywhere.inZone(asked), null)), disks);
    }
    List<VSwitches.Key> ordered = draft.strategy().order(keys, seed);
    List<GroupPlace> candidates =
        asked == null
            ? inTheirZones(anywhere, ordered, picture)
            : inZone(anywhere, asked, ordered, picture);
    return withDisks(
        candidates.isEmpty() ? List.of(new GroupPlace(anywhere, null)) : candidates, disks);
  }

  /**
   * The places of a group that waits, at least one.
   *
   * @param wanted what it asks of hosts in the zone where it waits
   * @param attempts the ways in which they are asked
   */
  List<GroupPlace> of(
      VSwitchWish waiting,
      PlacementRequest wanted,
      List<HostAttempt> attempts,
      VSwitchPicture picture) {
    return each(attempts, anyhow(waiting, wanted, picture));
  }

  private List<GroupPlace> anyhow(
      VSwitchWish waiting, PlacementRequest wanted, VSwitchPicture picture) {
    List<VSwitches.Key> keys = waiting.keys();
    if (!waiting.chooses()) {
      // Without addresses it is in its vSwitch already, as it is stored.
      VSwitches.Placed numbered =
          keys.stream()
              .flatMap(key -> picture.placed(key).stream())
              .filter(placed -> placed.cidr() != null)
              .findFirst()
              .orElse(null);
      return List.of(new GroupPlace(wanted, numbered));
    }
    List<VSwitches.Key> possible =
        switch (vSwitchRule) {
          case FIRST_USE -> keys;
          case STRICT -> keys.stream().filter(picture::knows).toList();
        };
    List<GroupPlace> places = inTheirZones(wanted, possible, picture);
    return places.isEmpty() ? List.of(new GroupPlace(wanted, null)) : places;
  }

  /** Those where the disks are, at least one. */
  private List<GroupPlace> withDisks(List<GroupPlace> candidates, GroupDisks.Found disks) {
    ZoneId zone = disks.zone();
    if (zone == null) {
      return candidates;
    }
    List<GroupPlace> near =
        candidates.stream()
            .map(place -> place.with(place.wanted().onHost(disks.host())))
            .filter(
                place -> {
                  ZoneId looked = served.hostsFor(place.wanted()).zone();
                  return looked == null || looked.equals(zone);
                })
            .toList();
    if (near.isEmpty()) {
      throw new ApiException(
          ErrorCode.DISK_VOLUME_NOT_IN_SAME_ZONE,
          "The disks of the request are in zone %s, and the group cannot be there; it is to be in %s."
              .formatted(
                  zone,
                  candidates.stream()
                      .map(place -> String.valueOf(place.wanted().zone()))
                      .distinct()
                      .collect(Collectors.joining(", "))));
    }
    return near;
  }

  private List<GroupPlace> inTheirZones(
      PlacementRequest wanted, List<VSwitches.Key> keys, VSwitchPicture picture) {
    List<GroupPlace> places = new ArrayList<>();
    for (VSwitches.Key key : keys) {
      Optional<VSwitches.Placed> placed = picture.placed(key);
      if (placed.isPresent()) {
        places.add(place(wanted, placed.get()));
      } else {
        placement
            .openZones(key.region())
            .forEach(free -> places.add(place(wanted, new VSwitches.Placed(key, free))));
      }
    }
    return places;
  }

  private void checkKnown(List<VSwitches.Key> keys, VSwitchPicture picture) {
    List<Problem> unknown =
        switch (vSwitchRule) {
          case FIRST_USE -> List.of();
          case STRICT ->
              keys.stream()
                  .filter(key -> !picture.knows(key))
                  .map(
                      key ->
                          new Problem(
                              ErrorCode.INVALID_PARAMETER,
                              "VSwitchId",
                              key.id().value(),
                              "is not a vSwitch of this account in " + key.region()))
                  .toList();
        };
    if (!unknown.isEmpty()) {
      throw new ApiException(unknown);
    }
  }

  private static GroupPlace place(PlacementRequest wanted, VSwitches.Placed vSwitch) {
    return new GroupPlace(wanted.inZone(vSwitch.zone()), vSwitch);
  }

  private static List<GroupPlace> inZone(
      PlacementRequest wanted, ZoneId asked, List<VSwitches.Key> keys, VSwitchPicture picture) {
    List<VSwitches.Placed> placed =
        keys.stream().map(picture::placed).flatMap(Optional::stream).toList();
    List<GroupPlace> there =
        placed.stream()
            .filter(one -> one.zone().equals(asked))
            .map(one -> place(wanted, one))
            .toList();
    if (!there.isEmpty()) {
      return there;
    }
    return List.of(
        keys.stream()
            .filter(key -> picture.placed(key).isEmpty())
            .findFirst()
            .map(key -> place(wanted, new VSwitches.Placed(key, asked)))
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.OPERATION_DENIED_VSW_ZONE_MISMATCH,
                        "ZoneId is %s, but %s."
                            .formatted(
                                asked,
                                placed.stream()
                                    .map(
                                        one ->
                                            "VSwitchId %s is in %s"
                                                .formatted(one.key().id(), one.zone()))
                                    .collect(Collectors.joining(", "))))));
  }

  /** The ids of the vSwitches of several places, in their order; none if there is but one. */
  static List<String> vSwitchTries(List<GroupPlace> places) {
    List<String> ids =
        places.stream()
            .map(GroupPlace::vSwitch)
            .filter(Objects::nonNull)
            .map(vSwitch -> vSwitch.key().id().value())
            .distinct()
            .toList();
    return ids.size() > 1 ? ids : List.of();
  }

  /** What is asked of hosts for a place, as things are now. */
  PlacementRequest hostsFor(GroupPlace place) {
    return placement.completed(served.hostsFor(place.wanted()));
  }
}
