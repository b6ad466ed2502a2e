package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.InRange;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks for several container groups that are alike. Every parameter of {@link
 * CreateContainerGroupRequest} means what it means there; the contract, which knows the action from
 * an old SDK alone, has fewer of them.
 *
 * @param amount 1 to 100 groups, 1 by default
 * @param arn roles, which do not exist here
 * @param clientToken at most 64 ASCII characters; the same token and the same request give the same
 *     groups
 * @param launchTemplateId templates of launches, which do not exist here
 * @param vSwitchId one to ten ids, each an entry
 */
public record BatchCreateContainerGroupsRequest(
    @MaxItems(21) List<AcrRegistryInfoRequest> acrRegistryInfo,
    @Nullable Long activeDeadlineSeconds,
    @Nullable Integer amount,
    @MaxItems(101) List<Arn> arn,
    @Nullable Boolean autoCreateEip,
    @Nullable Boolean autoMatchImageCache,
    @Nullable String clientToken,
    @MaxItems(100) List<String> computeCategory,
    @Required @MaxItems(41) List<ContainerRequest> container,
    @Required @Nullable String containerGroupName,
    @Nullable Boolean containerResourceView,
    @Nullable String corePattern,
    @Nullable BigDecimal cpu,
    @Nullable String cpuArchitecture,
    @InRange(min = 0, max = 1000) @Nullable Integer cpuOptionsCore,
    @Nullable String cpuOptionsNuma,
    @InRange(min = 0, max = 1000) @Nullable Integer cpuOptionsThreadsPerCore,
    @Nullable String dataCacheBucket,
    @Nullable Boolean dataCacheBurstingEnabled,
    @WireName("DataCachePL") @Nullable String dataCachePl,
    @Nullable Long dataCacheProvisionedIops,
    @Nullable DnsConfigRequest dnsConfig,
    @Nullable String dnsPolicy,
    @Nullable Boolean dryRun,
    @InRange(min = 0, max = 9223372036854775807L) @Nullable Long egressBandwidth,
    @InRange(min = 0, max = 1000000) @Nullable Integer eipBandwidth,
    @Nullable String eipCommonBandwidthPackage,
    @WireName("EipISP") @Nullable String eipIsp,
    @Nullable String eipInstanceId,
    @Nullable String eipPublicIpAddressPoolId,
    @InRange(min = 0, max = 5000) @Nullable Integer ephemeralStorage,
    @Nullable String fixedIp,
    @Nullable Integer fixedIpRetainHour,
    @Nullable String gpuDriverVersion,
    @MaxItems(101) List<HostAliaseRequest> hostAliase,
    @Nullable String hostName,
    @Nullable GroupSecurityContextRequest hostSecurityContext,
    @Nullable String imageAccelerateMode,
    @MaxItems(11) List<ImageRegistryCredentialRequest> imageRegistryCredential,
    @Nullable String imageSnapshotId,
    @InRange(min = 0, max = 9223372036854775807L) @Nullable Long ingressBandwidth,
    @MaxItems(41) List<InitContainerRequest> initContainer,
    @Nullable String insecureRegistry,
    @MaxItems(11) List<String> instanceType,
    @Nullable Integer ipv6AddressCount,
    @Nullable String ipv6GatewayBandwidth,
    @Nullable Boolean ipv6GatewayBandwidthEnable,
    @Nullable String launchTemplateId,
    @Nullable Integer maxPendingMinute,
    @Nullable BigDecimal memory,
    @MaxItems(21) List<String> ntpServer,
    @Nullable String osType,
    @Nullable OverheadReservationOptionRequest overheadReservationOption,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String plainHttpRegistry,
    @Nullable String privateIpAddress,
    @WireName(
            value = "RamRoleName",
            aliases = {"ramRoleName"})
        @Nullable String ramRoleName,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable String restartPolicy,
    @Nullable String scheduleStrategy,
    @Nullable GroupSecurityContextRequest securityContext,
    @Nullable String securityGroupId,
    @Nullable Boolean shareProcessNamespace,
    @Nullable Boolean slsEnable,
    @Nullable Long spotDuration,
    @Nullable BigDecimal spotPriceLimit,
    @Nullable String spotStrategy,
    @Nullable Boolean strictSpot,
    @MaxItems(21) List<Tag> tag,
    @Nullable Long terminationGracePeriodSeconds,
    @MaxItems(11) List<String> vSwitchId,
    @MaxItems(101) List<VolumeRequest> volume,
    @Nullable String zoneId) {
  public BatchCreateContainerGroupsRequest {
    acrRegistryInfo = WireLists.orEmpty(acrRegistryInfo);
    arn = WireLists.orEmpty(arn);
    computeCategory = WireLists.orEmpty(computeCategory);
    container = WireLists.orEmpty(container);
    hostAliase = WireLists.orEmpty(hostAliase);
    imageRegistryCredential = WireLists.orEmpty(imageRegistryCredential);
    initContainer = WireLists.orEmpty(initContainer);
    instanceType = WireLists.orEmpty(instanceType);
    ntpServer = WireLists.orEmpty(ntpServer);
    tag = WireLists.orEmpty(tag);
    vSwitchId = WireLists.orEmpty(vSwitchId);
    volume = WireLists.orEmpty(volume);
  }

  /** So many groups as this one. */
  public static BatchCreateContainerGroupsRequest of(
      CreateContainerGroupRequest group, @Nullable Integer amount) {
    return new BatchCreateContainerGroupsRequest(
        group.acrRegistryInfo(),
        group.activeDeadlineSeconds(),
        amount,
        List.of(),
        group.autoCreateEip(),
        group.autoMatchImageCache(),
        group.clientToken(),
        group.computeCategory(),
        group.container(),
        group.containerGroupName(),
        group.containerResourceView(),
        group.corePattern(),
        group.cpu(),
        group.cpuArchitecture(),
        group.cpuOptionsCore(),
        group.cpuOptionsNuma(),
        group.cpuOptionsThreadsPerCore(),
        group.dataCacheBucket(),
        group.dataCacheBurstingEnabled(),
        group.dataCachePl(),
        group.dataCacheProvisionedIops(),
        group.dnsConfig(),
        group.dnsPolicy(),
        group.dryRun(),
        group.egressBandwidth(),
        group.eipBandwidth(),
        group.eipCommonBandwidthPackage(),
        group.eipIsp(),
        group.eipInstanceId(),
        null,
        group.ephemeralStorage(),
        group.fixedIp(),
        group.fixedIpRetainHour(),
        group.gpuDriverVersion(),
        group.hostAliase(),
        group.hostName(),
        group.hostSecurityContext(),
        group.imageAccelerateMode(),
        group.imageRegistryCredential(),
        group.imageSnapshotId(),
        group.ingressBandwidth(),
        group.initContainer(),
        group.insecureRegistry(),
        each(group.instanceType()),
        group.ipv6AddressCount(),
        group.ipv6GatewayBandwidth(),
        group.ipv6GatewayBandwidthEnable(),
        null,
        group.maxPendingMinute(),
        group.memory(),
        group.ntpServer(),
        group.osType(),
        group.overheadReservationOption(),
        group.ownerAccount(),
        group.ownerId(),
        group.plainHttpRegistry(),
        group.privateIpAddress(),
        group.ramRoleName(),
        group.regionId(),
        group.resourceGroupId(),
        group.resourceOwnerAccount(),
        group.resourceOwnerId(),
        group.restartPolicy(),
        group.scheduleStrategy(),
        group.securityContext(),
        group.securityGroupId(),
        group.shareProcessNamespace(),
        group.slsEnable(),
        group.spotDuration(),
        group.spotPriceLimit(),
        group.spotStrategy(),
        group.strictSpot(),
        group.tag(),
        group.terminationGracePeriodSeconds(),
        each(group.vSwitchId()),
        group.volume(),
        group.zoneId());
  }

  /** The request for one of the groups. */
  public CreateContainerGroupRequest group() {
    return group(_ -> true);
  }

  /** The same without those vSwitches that do not pass. */
  public CreateContainerGroupRequest group(Predicate<String> vSwitches) {
    List<String> ids = vSwitchId.stream().filter(vSwitches).toList();
    return new CreateContainerGroupRequest(
        acrRegistryInfo,
        activeDeadlineSeconds,
        autoCreateEip,
        autoMatchImageCache,
        clientToken,
        computeCategory,
        container,
        containerGroupName,
        containerResourceView,
        corePattern,
        cpu,
        cpuArchitecture,
        cpuOptionsCore,
        cpuOptionsNuma,
        cpuOptionsThreadsPerCore,
        dataCacheBucket,
        dataCacheBurstingEnabled,
        dataCachePl,
        dataCacheProvisionedIops,
        dnsConfig,
        dnsPolicy,
        dryRun,
        egressBandwidth,
        eipBandwidth,
        eipCommonBandwidthPackage,
        eipIsp,
        eipInstanceId,
        ephemeralStorage,
        fixedIp,
        fixedIpRetainHour,
        gpuDriverVersion,
        hostAliase,
        hostName,
        hostSecurityContext,
        imageAccelerateMode,
        imageRegistryCredential,
        imageSnapshotId,
        ingressBandwidth,
        initContainer,
        insecureRegistry,
        instanceType.isEmpty() ? null : String.join(",", instanceType),
        ipv6AddressCount,
        ipv6GatewayBandwidth,
        ipv6GatewayBandwidthEnable,
        maxPendingMinute,
        memory,
        ntpServer,
        osType,
        overheadReservationOption,
        ownerAccount,
        ownerId,
        plainHttpRegistry,
        privateIpAddress,
        ramRoleName,
        regionId,
        resourceGroupId,
        resourceOwnerAccount,
        resourceOwnerId,
        restartPolicy,
        scheduleStrategy,
        securityContext,
        securityGroupId,
        shareProcessNamespace,
        slsEnable,
        spotDuration,
        spotPriceLimit,
        spotStrategy,
        strictSpot,
        tag,
        terminationGracePeriodSeconds,
        ids.isEmpty() ? null : String.join(",", ids),
        volume,
        zoneId);
  }

  private static List<String> each(@Nullable String commaSeparated) {
    return commaSeparated == null ? List.of() : List.of(commaSeparated.split(",", -1));
  }

  /** A role that is to be assumed. */
  public record Arn(
      @Nullable String assumeRoleFor, @Nullable String roleArn, @Nullable String roleType) {}
}
