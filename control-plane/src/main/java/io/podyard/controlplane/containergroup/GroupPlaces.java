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
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.VSwitchId;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.Explanation;
import io.podyard.scheduler.PlacementRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Chooses zone and vSwitch of a new group; nothing is written.
 *
 * <ul>
 *   <li>With a zone, the vSwitch is the first one in it, else the first one that is in no zone yet.
 *   <li>Without a zone, the vSwitches are tried in the order given, and the zone is that of the
 *       first where there is room; where there is room nowhere, that of the first where there can
 *       be (contract section 11: the next zone is tried when stock is missing).
 *   <li>A vSwitch that is in no zone yet may be in any zone that has hosts, or, if the request
 *       names a zone, in that one; or it is refused, as the settings say.
 *   <li>A zone without hosts of its own has those of its region, as {@link ServedZones} says.
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

  /**
   * The place of a group, by the present picture of the hosts. Whether there can be room at it at
   * all is for {@link #explain} to say.
   *
   * @throws ApiException if no vSwitch is in the zone asked for, or one is not known and must be,
   *     or the disks are in another zone
   */
  GroupPlace choose(AccountId account, RegionId region, GroupDraft draft, GroupDisks.Found disks) {
    int ephemeralMib = draft.spec().ephemeralMib();
    List<GroupPlace> candidates =
        withDisks(
            candidates(account, region, draft).stream()
                .map(place -> place.withDisk(ephemeralMib))
                .toList(),
            disks);
    if (candidates.size() == 1) {
      return candidates.getFirst();
    }
    GroupPlace couldWait = null;
    for (GroupPlace candidate : candidates) {
      Explanation explanation = placement.explain(served.hostsFor(candidate.wanted()));
      if (explanation.hostsFitting() > 0) {
        return candidate;
      }
      if (couldWait == null && explanation.couldEverFit()) {
        couldWait = candidate;
      }
    }
    return couldWait == null ? candidates.getFirst() : couldWait;
  }

  /** Those where the disks are, at least one. */
  private List<GroupPlace> withDisks(List<GroupPlace> candidates, GroupDisks.Found disks) {
    ZoneId zone = disks.zone();
    if (zone == null) {
      return candidates;
    }
    List<GroupPlace> near =
        candidates.stream()
            .map(place -> place.onHost(disks.host()))
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

  /** At least one. */
  private List<GroupPlace> candidates(AccountId account, RegionId region, GroupDraft draft) {
    Size size = draft.spec().size();
    ZoneId asked = draft.zone();
    if (draft.vSwitchIds().isEmpty()) {
      return List.of(new GroupPlace(inZone(region, asked, size), null, false));
    }
    List<VSwitches.Key> keys =
        draft.vSwitchIds().stream()
            .map(id -> new VSwitches.Key(account, region, new VSwitchId(id)))
            .toList();
    Map<VSwitches.Key, ZoneId> zones = vSwitches.zones(keys);
    checkKnown(keys, zones);
    if (asked != null) {
      return List.of(inZone(asked, size, keys, zones));
    }
    List<GroupPlace> candidates = new ArrayList<>();
    for (VSwitches.Key key : keys) {
      ZoneId zone = zones.get(key);
      if (zone != null) {
        candidates.add(place(key, zone, size, false));
      } else {
        placement.openZones(region).forEach(free -> candidates.add(place(key, free, size, true)));
      }
    }
    return candidates.isEmpty()
        ? List.of(new GroupPlace(PlacementRequest.anywhereIn(region, size), null, false))
        : candidates;
  }

  private void checkKnown(List<VSwitches.Key> keys, Map<VSwitches.Key, ZoneId> zones) {
    List<Problem> unknown =
        switch (vSwitchRule) {
          case FIRST_USE -> List.of();
          case STRICT ->
              keys.stream()
                  .filter(key -> !zones.containsKey(key))
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

  private static PlacementRequest inZone(RegionId region, @Nullable ZoneId zone, Size size) {
    return zone == null
        ? PlacementRequest.anywhereIn(region, size)
        : PlacementRequest.inZone(region, zone, size);
  }

  private static GroupPlace inZone(
      ZoneId asked, Size size, List<VSwitches.Key> keys, Map<VSwitches.Key, ZoneId> zones) {
    VSwitches.Key unregistered = null;
    for (VSwitches.Key key : keys) {
      @Nullable ZoneId zone = zones.get(key);
      if (asked.equals(zone)) {
        return place(key, asked, size, false);
      }
      if (zone == null && unregistered == null) {
        unregistered = key;
      }
    }
    if (unregistered == null) {
      throw new ApiException(
          ErrorCode.OPERATION_DENIED_VSW_ZONE_MISMATCH,
          "ZoneId is %s, but %s."
              .formatted(
                  asked,
                  keys.stream()
                      .map(key -> "VSwitchId %s is in %s".formatted(key.id(), zones.get(key)))
                      .collect(Collectors.joining(", "))));
    }
    return place(unregistered, asked, size, true);
  }

  private static GroupPlace place(
      VSwitches.Key vSwitch, ZoneId zone, Size size, boolean unregistered) {
    return new GroupPlace(
        PlacementRequest.inZone(vSwitch.region(), zone, size), vSwitch, unregistered);
  }

  /** Picks a host for a place and sets its capacity aside, or empty if none has room right now. */
  Optional<Placement.Pick> pick(GroupPlace place) {
    return placement.pick(served.hostsFor(place.wanted()));
  }

  /**
   * Why there is or is not room at a place.
   *
   * @throws ApiException if no host there could ever take the group
   */
  Explanation explain(GroupPlace place) {
    Explanation explanation = placement.explain(served.hostsFor(place.wanted()));
    if (!explanation.couldEverFit()) {
      throw refusal(place, explanation);
    }
    return explanation;
  }

  private ApiException refusal(GroupPlace place, Explanation explanation) {
    PlacementRequest wanted = place.wanted();
    List<ZoneId> others = placement.openZones(wanted.region());
    if (explanation.anyHostInZone() || others.isEmpty()) {
      return new ApiException(ErrorCode.OPERATION_DENIED_NO_STOCK, explanation.sentence());
    }
    VSwitches.Key vSwitch = place.vSwitch();
    String subject =
        vSwitch == null || place.unregistered()
            ? "ZoneId: zone %s has no hosts".formatted(wanted.zone())
            : "VSwitchId: %s is in zone %s, which has no hosts"
                .formatted(vSwitch.id(), wanted.zone());
    return new ApiException(
        ErrorCode.ZONE_NOT_ON_SALE,
        "%s; the zones of %s that have hosts are %s."
            .formatted(
                subject,
                wanted.region(),
                others.stream().map(ZoneId::value).collect(Collectors.joining(", "))));
  }
}
