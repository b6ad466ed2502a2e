package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a {@link ContainerGroupResponse}; what is never named stays absent. */
@SuppressWarnings("CanIgnoreReturnValueSuggester")
public final class ContainerGroupResponseBuilder {

  private @Nullable String computeCategory;
  private @Nullable String containerGroupId;
  private @Nullable String containerGroupName;
  private List<ContainerResponse> containers = List.of();
  private @Nullable BigDecimal cpu;
  private @Nullable Instant creationTime;
  private @Nullable Integer discount;
  private @Nullable DnsConfigResponse dnsConfig;
  private @Nullable String dnsPolicy;
  private @Nullable EciSecurityContextResponse eciSecurityContext;
  private @Nullable String eniInstanceId;
  private @Nullable Integer ephemeralStorage;
  private List<EventResponse> events = List.of();
  private @Nullable Instant expiredTime;
  private @Nullable Instant failedTime;
  private List<HostAliasResponse> hostAliases = List.of();
  private List<InitContainerResponse> initContainers = List.of();
  private @Nullable String instanceType;
  private @Nullable String internetIp;
  private @Nullable String intranetIp;
  private @Nullable String ipv6Address;
  private @Nullable BigDecimal memory;
  private @Nullable String ramRoleName;
  private @Nullable String regionId;
  private @Nullable String resourceGroupId;
  private @Nullable String restartPolicy;
  private @Nullable String securityGroupId;
  private @Nullable BigDecimal spotPriceLimit;
  private @Nullable String spotStrategy;
  private @Nullable String status;
  private @Nullable Instant succeededTime;
  private List<Tag> tags = List.of();
  private @Nullable String tenantEniInstanceId;
  private @Nullable String tenantEniIp;
  private @Nullable String tenantSecurityGroupId;
  private @Nullable String tenantVSwitchId;
  private @Nullable String vSwitchId;
  private List<VolumeResponse> volumes = List.of();
  private @Nullable String vpcId;
  private @Nullable String zoneId;

  ContainerGroupResponseBuilder() {}

  public ContainerGroupResponseBuilder computeCategory(@Nullable String value) {
    this.computeCategory = value;
    return this;
  }

  public ContainerGroupResponseBuilder containerGroupId(@Nullable String value) {
    this.containerGroupId = value;
    return this;
  }

  public ContainerGroupResponseBuilder containerGroupName(@Nullable String value) {
    this.containerGroupName = value;
    return this;
  }

  public ContainerGroupResponseBuilder containers(List<ContainerResponse> value) {
    this.containers = value;
    return this;
  }

  public ContainerGroupResponseBuilder cpu(@Nullable BigDecimal value) {
    this.cpu = value;
    return this;
  }

  public ContainerGroupResponseBuilder creationTime(@Nullable Instant value) {
    this.creationTime = value;
    return this;
  }

  public ContainerGroupResponseBuilder discount(@Nullable Integer value) {
    this.discount = value;
    return this;
  }

  public ContainerGroupResponseBuilder dnsConfig(@Nullable DnsConfigResponse value) {
    this.dnsConfig = value;
    return this;
  }

  public ContainerGroupResponseBuilder dnsPolicy(@Nullable String value) {
    this.dnsPolicy = value;
    return this;
  }

  public ContainerGroupResponseBuilder eciSecurityContext(
      @Nullable EciSecurityContextResponse value) {
    this.eciSecurityContext = value;
    return this;
  }

  public ContainerGroupResponseBuilder eniInstanceId(@Nullable String value) {
    this.eniInstanceId = value;
    return this;
  }

  public ContainerGroupResponseBuilder ephemeralStorage(@Nullable Integer value) {
    this.ephemeralStorage = value;
    return this;
  }

  public ContainerGroupResponseBuilder events(List<EventResponse> value) {
    this.events = value;
    return this;
  }

  public ContainerGroupResponseBuilder expiredTime(@Nullable Instant value) {
    this.expiredTime = value;
    return this;
  }

  public ContainerGroupResponseBuilder failedTime(@Nullable Instant value) {
    this.failedTime = value;
    return this;
  }

  public ContainerGroupResponseBuilder hostAliases(List<HostAliasResponse> value) {
    this.hostAliases = value;
    return this;
  }

  public ContainerGroupResponseBuilder initContainers(List<InitContainerResponse> value) {
    this.initContainers = value;
    return this;
  }

  public ContainerGroupResponseBuilder instanceType(@Nullable String value) {
    this.instanceType = value;
    return this;
  }

  public ContainerGroupResponseBuilder internetIp(@Nullable String value) {
    this.internetIp = value;
    return this;
  }

  public ContainerGroupResponseBuilder intranetIp(@Nullable String value) {
    this.intranetIp = value;
    return this;
  }

  public ContainerGroupResponseBuilder ipv6Address(@Nullable String value) {
    this.ipv6Address = value;
    return this;
  }

  public ContainerGroupResponseBuilder memory(@Nullable BigDecimal value) {
    this.memory = value;
    return this;
  }

  public ContainerGroupResponseBuilder ramRoleName(@Nullable String value) {
    this.ramRoleName = value;
    return this;
  }

  public ContainerGroupResponseBuilder regionId(@Nullable String value) {
    this.regionId = value;
    return this;
  }

  public ContainerGroupResponseBuilder resourceGroupId(@Nullable String value) {
    this.resourceGroupId = value;
    return this;
  }

  public ContainerGroupResponseBuilder restartPolicy(@Nullable String value) {
    this.restartPolicy = value;
    return this;
  }

  public ContainerGroupResponseBuilder securityGroupId(@Nullable String value) {
    this.securityGroupId = value;
    return this;
  }

  public ContainerGroupResponseBuilder spotPriceLimit(@Nullable BigDecimal value) {
    this.spotPriceLimit = value;
    return this;
  }

  public ContainerGroupResponseBuilder spotStrategy(@Nullable String value) {
    this.spotStrategy = value;
    return this;
  }

  public ContainerGroupResponseBuilder status(@Nullable String value) {
    this.status = value;
    return this;
  }

  public ContainerGroupResponseBuilder succeededTime(@Nullable Instant value) {
    this.succeededTime = value;
    return this;
  }

  public ContainerGroupResponseBuilder tags(List<Tag> value) {
    this.tags = value;
    return this;
  }

  public ContainerGroupResponseBuilder tenantEniInstanceId(@Nullable String value) {
    this.tenantEniInstanceId = value;
    return this;
  }

  public ContainerGroupResponseBuilder tenantEniIp(@Nullable String value) {
    this.tenantEniIp = value;
    return this;
  }

  public ContainerGroupResponseBuilder tenantSecurityGroupId(@Nullable String value) {
    this.tenantSecurityGroupId = value;
    return this;
  }

  public ContainerGroupResponseBuilder tenantVSwitchId(@Nullable String value) {
    this.tenantVSwitchId = value;
    return this;
  }

  public ContainerGroupResponseBuilder vSwitchId(@Nullable String value) {
    this.vSwitchId = value;
    return this;
  }

  public ContainerGroupResponseBuilder volumes(List<VolumeResponse> value) {
    this.volumes = value;
    return this;
  }

  public ContainerGroupResponseBuilder vpcId(@Nullable String value) {
    this.vpcId = value;
    return this;
  }

  public ContainerGroupResponseBuilder zoneId(@Nullable String value) {
    this.zoneId = value;
    return this;
  }

  /** The record with everything named so far. */
  public ContainerGroupResponse build() {
    return new ContainerGroupResponse(
        computeCategory,
        containerGroupId,
        containerGroupName,
        containers,
        cpu,
        creationTime,
        discount,
        dnsConfig,
        dnsPolicy,
        eciSecurityContext,
        eniInstanceId,
        ephemeralStorage,
        events,
        expiredTime,
        failedTime,
        hostAliases,
        initContainers,
        instanceType,
        internetIp,
        intranetIp,
        ipv6Address,
        memory,
        ramRoleName,
        regionId,
        resourceGroupId,
        restartPolicy,
        securityGroupId,
        spotPriceLimit,
        spotStrategy,
        status,
        succeededTime,
        tags,
        tenantEniInstanceId,
        tenantEniIp,
        tenantSecurityGroupId,
        tenantVSwitchId,
        vSwitchId,
        volumes,
        vpcId,
        zoneId);
  }
}
