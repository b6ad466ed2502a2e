package io.podyard.controlplane.quota;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.Problem;
import io.podyard.api.quota.ListUsageRequest;
import io.podyard.api.quota.ListUsageResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.model.RegionId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** ListUsage (contract section 15): the caller's quotas in a region and what is used of them. */
@Component
public class ListUsage {

  private final Quotas quotas;
  private final Regions regions;

  ListUsage(Quotas quotas, Regions regions) {
    this.quotas = quotas;
    this.regions = regions;
  }

  /**
   * @throws ApiException with every problem of the request
   */
  public ListUsageResponse list(Caller caller, Decoded<ListUsageRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(decoded.draft().regionId(), problems::add);
    ListUsageRequest _ = decoded.orThrow(problems);
    Map<String, BigDecimal> attributes = new LinkedHashMap<>();
    for (Quota quota : quotas.of(new QuotaPlace(caller.account(), region))) {
      attributes.put(quota.kind().usedName(), quota.used());
      attributes.put(quota.kind().maximumName(), BigDecimal.valueOf(quota.maximum()));
    }
    return new ListUsageResponse(attributes, null);
  }
}
