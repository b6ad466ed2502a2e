package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one container group.
 *
 * @param cpu vCPU
 * @param ephemeralStorage GiB beyond the 30 that every group has
 * @param memory GiB
 * @param status see contract section 5
 */
public record ContainerGroupResponse(
    @Nullable String computeCategory,
    @Answered @Nullable String containerGroupId,
    @Answered @Nullable String containerGroupName,
    List<ContainerResponse> containers,
    @Answered @Nullable BigDecimal cpu,
    @Answered @Nullable Instant creationTime,
    @Nullable Integer discount,
    @Nullable DnsConfigResponse dnsConfig,
    @Answered @Nullable String dnsPolicy,
    @Nullable EciSecurityContextResponse eciSecurityContext,
    @Nullable String eniInstanceId,
    @Nullable Integer ephemeralStorage,
    List<EventResponse> events,
    @Nullable Instant expiredTime,
    @Nullable Instant failedTime,
    List<HostAliasResponse> hostAliases,
    List<InitContainerResponse> initContainers,
    @Nullable String instanceType,
    @Nullable String internetIp,
    @Nullable String intranetIp,
    @Nullable String ipv6Address,
    @Answered @Nullable BigDecimal memory,
    @Nullable String ramRoleName,
    @Answered @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Answered @Nullable String restartPolicy,
    @Nullable String securityGroupId,
    @Nullable BigDecimal spotPriceLimit,
    @Nullable String spotStrategy,
    @Answered @Nullable String status,
    @Nullable Instant succeededTime,
    List<Tag> tags,
    @Nullable String tenantEniInstanceId,
    @Nullable String tenantEniIp,
    @Nullable String tenantSecurityGroupId,
    @Nullable String tenantVSwitchId,
    @Nullable String vSwitchId,
    List<VolumeResponse> volumes,
    @Nullable String vpcId,
    @Nullable String zoneId) {
  public ContainerGroupResponse {
    containers = WireLists.orEmpty(containers);
    events = WireLists.orEmpty(events);
    hostAliases = WireLists.orEmpty(hostAliases);
    initContainers = WireLists.orEmpty(initContainers);
    tags = WireLists.orEmpty(tags);
    volumes = WireLists.orEmpty(volumes);
  }

  /** Starts with everything absent. */
  public static ContainerGroupResponseBuilder builder() {
    return new ContainerGroupResponseBuilder();
  }
}
