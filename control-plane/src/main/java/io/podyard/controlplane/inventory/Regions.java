package io.podyard.controlplane.inventory;

import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.region.DescribeRegionsRequest;
import io.podyard.api.region.DescribeRegionsResponse;
import io.podyard.api.region.RegionResponse;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Which regions and zones there are. */
@Component
public class Regions {

  private static final long ZONES_TRUSTED_NANOS = 5_000_000_000L;

  private record Known(Map<RegionId, List<ZoneId>> zones, long readAt) {}

  private final Inventory inventory;
  private final OpenZones open;
  private final ServedZones served;
  private final RegionId home;
  private final RegionEndpoint endpoint;
  private volatile @Nullable Known known;

  public Regions(
      Inventory inventory,
      OpenZones open,
      ServedZones served,
      PodyardSettings settings,
      RegionEndpoint endpoint) {
    this.inventory = inventory;
    this.open = open;
    this.served = served;
    this.home = settings.regionId();
    this.endpoint = endpoint;
  }

  /**
   * The region a request means; none given means the installation's own. A region that there is not
   * is one problem among others, and the installation's own stands for it meanwhile.
   */
  public RegionId read(@Nullable String regionId, Consumer<Problem> problems) {
    return read("RegionId", regionId, problems);
  }

  /** The same for another parameter that names a region. */
  public RegionId read(String parameter, @Nullable String regionId, Consumer<Problem> problems) {
    if (regionId == null || regionId.isEmpty()) {
      return home;
    }
    Optional<RegionId> found = find(regionId);
    if (found.isEmpty()) {
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              parameter,
              regionId,
              "is not a region of this installation; it has " + names(zones().keySet())));
    }
    return found.orElse(home);
  }

  /** Finds a zone that the region has not. Where the region is wrong too, any region's will do. */
  public void checkZone(
      @Nullable String regionId, @Nullable String zoneId, Consumer<Problem> problems) {
    Optional<RegionId> region =
        regionId == null || regionId.isEmpty() ? Optional.of(home) : find(regionId);
    if (zoneId == null || zoneId.isEmpty() || region.isEmpty()) {
      return;
    }
    List<ZoneId> zones = zones().getOrDefault(region.get(), List.of());
    if (zones.stream().noneMatch(zone -> zone.value().equals(zoneId))) {
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "ZoneId",
              zoneId,
              "is not a zone of %s; it has %s".formatted(region.get(), names(zones))));
    }
  }

  /** The zones of a region, none if there is no such region. */
  public List<ZoneId> zonesOf(RegionId region) {
    return zones().getOrDefault(region, List.of());
  }

  /**
   * Contract section 15, DescribeRegions. Zones with a host are recommended; those that can take no
   * group are unavailable.
   *
   * @throws io.podyard.api.ApiException with every problem of the request
   */
  public DescribeRegionsResponse describe(Decoded<DescribeRegionsRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    RegionId asked = read(decoded.draft().regionId(), problems::add);
    DescribeRegionsRequest request = decoded.orThrow(problems);
    boolean all = request.regionId() == null || request.regionId().isEmpty();
    List<RegionResponse> rows = new ArrayList<>();
    zones()
        .forEach(
            (region, zones) -> {
              if (all || asked.equals(region)) {
                List<ZoneId> available = served.of(region, zones);
                rows.add(
                    new RegionResponse(
                        values(open.openZones(region)),
                        endpoint.value(),
                        region.value(),
                        values(zones.stream().filter(zone -> !available.contains(zone)).toList()),
                        values(zones)));
              }
            });
    return new DescribeRegionsResponse(rows, null);
  }

  private Optional<RegionId> find(String regionId) {
    return zones().keySet().stream().filter(r -> r.value().equals(regionId)).findFirst();
  }

  /** Reads them anew, after a change that is not to wait until what was read is old. */
  public void renew() {
    Known _ = read();
  }

  private Known read() {
    Known fresh = new Known(inventory.zones(), System.nanoTime());
    known = fresh;
    return fresh;
  }

  private Map<RegionId, List<ZoneId>> zones() {
    Known current = known;
    if (current == null || System.nanoTime() - current.readAt() > ZONES_TRUSTED_NANOS) {
      current = read();
    }
    return current.zones();
  }

  private static List<String> values(List<ZoneId> zones) {
    return zones.stream().map(ZoneId::value).toList();
  }

  private static String names(Iterable<?> ids) {
    List<String> names = new ArrayList<>();
    ids.forEach(id -> names.add(id.toString()));
    return names.stream().collect(Collectors.joining(", "));
  }
}
