package io.podyard.controlplane.inventory;

import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Zones of regions that programs written for ECI name, so that such programs need not change more
 * than the endpoint. A region that is not listed has zones a, b and c.
 */
public final class WellKnownZones {

  private static final Map<String, String> LETTERS =
      Map.of(
          "cn-hangzhou", "b,g,h,i,j,k",
          "cn-shanghai", "a,b,e,f,g,l,m,n",
          "cn-beijing", "a,c,e,f,g,h,i,j,k,l",
          "cn-shenzhen", "a,c,d,e,f",
          "cn-zhangjiakou", "a,b,c",
          "cn-chengdu", "a,b",
          "cn-hongkong", "b,c,d",
          "ap-southeast-1", "a,b,c",
          "us-west-1", "a,b",
          "eu-central-1", "a,b,c");

  private WellKnownZones() {}

  /**
   * @param configured zones somebody set; they win unless empty
   */
  public static List<ZoneId> of(RegionId region, List<String> configured) {
    if (!configured.isEmpty()) {
      return configured.stream().map(ZoneId::new).toList();
    }
    return Stream.of(LETTERS.getOrDefault(region.value(), "a,b,c").split(","))
        .map(letter -> new ZoneId(region + "-" + letter))
        .toList();
  }
}
