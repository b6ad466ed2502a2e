package io.podyard.controlplane.inventory;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.region.DescribeRegionsRequest;
import io.podyard.api.region.DescribeRegionsResponse;
import io.podyard.api.region.RegionResponse;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.model.VSwitchId;
import io.podyard.model.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Which regions and zones there are, and which zone a request means. */
@Component
public class Regions {

  private static final long ZONES_TRUSTED_NANOS = 5_000_000_000L;

  private record Known(Map<RegionId, List<ZoneId>> zones, long readAt) {}

  private final Inventory inventory;
  private final RegionId home;
  private volatile @Nullable Known known;

  public Regions(Inventory inventory, PodyardSettings settings) {
    this.inventory = inventory;
    this.home = settings.regionId();
  }

  /**
   * The region a request means; none given means the installation's own.
   *
   * @throws ApiException if there is no such region
   */
  public RegionId require(@Nullable String regionId) {
    if (regionId == null || regionId.isEmpty()) {
      return home;
    }
    return zones().keySet().stream()
        .filter(region -> region.value().equals(regionId))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    new Problem(
                        ErrorCode.INVALID_PARAMETER,
                        "RegionId",
                        regionId,
                        "is not a region of this installation; it has "
                            + names(zones().keySet()))));
  }

  /**
   * The zone a new group is to be in. A vSwitch that is not known is registered in the zone asked
   * for, or in the region's first.
   *
   * @return null if any zone will do
   * @throws ApiException if there is no such zone, or the vSwitch is in another
   */
  public @Nullable ZoneId zoneFor(
      AccountId account, RegionId region, @Nullable ZoneId asked, List<String> vSwitches) {
    List<ZoneId> all = zones().getOrDefault(region, List.of());
    if (asked != null && !all.contains(asked)) {
      throw new ApiException(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "ZoneId",
              asked.value(),
              "is not a zone of %s; it has %s".formatted(region, names(all))));
    }
    if (vSwitches.isEmpty()) {
      return asked;
    }
    TreeSet<ZoneId> zones = new TreeSet<>();
    for (String vSwitch : vSwitches) {
      zones.add(
          zoneOf(account, region, new VSwitchId(vSwitch), asked == null ? all.getFirst() : asked));
    }
    if (asked == null) {
      return zones.size() == 1 ? zones.first() : null;
    }
    if (!zones.contains(asked)) {
      throw new ApiException(
          ErrorCode.OPERATION_DENIED_VSW_ZONE_MISMATCH,
          "VSwitchId %s is in zone %s, not in ZoneId %s."
              .formatted(String.join(",", vSwitches), names(zones), asked));
    }
    return asked;
  }

  private ZoneId zoneOf(AccountId account, RegionId region, VSwitchId vSwitch, ZoneId wanted) {
    return inventory
        .zoneOf(account, region, vSwitch)
        .orElseGet(() -> inventory.register(account, region, vSwitch, wanted));
  }

  /** Contract section 15, DescribeRegions. */
  public DescribeRegionsResponse describe(DescribeRegionsRequest request) {
    List<RegionResponse> rows = new ArrayList<>();
    RegionId only = request.regionId() == null ? null : require(request.regionId());
    zones()
        .forEach(
            (region, zones) -> {
              if (only == null || only.equals(region)) {
                List<String> names = zones.stream().map(ZoneId::value).toList();
                rows.add(new RegionResponse(names, null, region.value(), List.of(), names));
              }
            });
    return new DescribeRegionsResponse(rows, null);
  }

  private Map<RegionId, List<ZoneId>> zones() {
    Known current = known;
    if (current == null || System.nanoTime() - current.readAt() > ZONES_TRUSTED_NANOS) {
      current = new Known(inventory.zones(), System.nanoTime());
      known = current;
    }
    return current.zones();
  }

  private static String names(Iterable<?> ids) {
    List<String> names = new ArrayList<>();
    ids.forEach(id -> names.add(id.toString()));
    return names.stream().collect(Collectors.joining(", "));
  }
}
