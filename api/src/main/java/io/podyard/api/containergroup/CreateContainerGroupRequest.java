package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.InRange;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one container group (contract sections 2, 6 to 11). The record holds every parameter of
 * the contract; which of them this version works with, keeps or refuses is said by {@link
 * io.podyard.api.FieldTable}.
 *
 * @param activeDeadlineSeconds seconds the group may live before it is made to end
 * @param clientToken at most 64 ASCII characters; the same token and the same request give the same
 *     group
 * @param container one to twenty containers
 * @param containerGroupName 2 to 128 lower-case letters, digits and {@code -}
 * @param cpu vCPU of the whole group; null means the sum of its containers
 * @param dnsPolicy {@code Default} or {@code None}
 * @param dryRun true checks everything and creates nothing
 * @param ephemeralStorage GiB of disk beyond the 30 that every group has, 0 to 5000
 * @param hostAliase lines for the hosts file; spelled as the contract spells it
 * @param insecureRegistry registries whose certificate is not checked, comma separated
 * @param maxPendingMinute minutes the group may stay Pending
 * @param memory GiB of the whole group; null means the sum of its containers
 * @param ownerAccount kept and given back at the REST door; the contract gives it no meaning
 * @param ownerId kept and given back at the REST door; the contract gives it no meaning
 * @param plainHttpRegistry registries spoken to without TLS, comma separated
 * @param ramRoleName kept and given back
 * @param regionId null means this installation's own region
 * @param resourceGroupId kept and given back
 * @param resourceOwnerAccount kept and given back at the REST door; the contract gives it no
 *     meaning
 * @param resourceOwnerId kept and given back at the REST door; the contract gives it no meaning
 * @param restartPolicy {@code Always} (default), {@code OnFailure} or {@code Never}
 * @param securityGroupId kept and given back
 * @param slsEnable sent by old Java SDKs only
 * @param tag at most twenty
 * @param terminationGracePeriodSeconds seconds between asking containers to stop and killing them
 * @param vSwitchId one to ten ids, comma separated
 */
public record CreateContainerGroupRequest(
    @MaxItems(21) List<AcrRegistryInfoRequest> acrRegistryInfo,
    @Nullable Long activeDeadlineSeconds,
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
    @Nullable String instanceType,
    @Nullable Integer ipv6AddressCount,
    @Nullable String ipv6GatewayBandwidth,
    @Nullable Boolean ipv6GatewayBandwidthEnable,
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
    @Nullable String vSwitchId,
    @MaxItems(101) List<VolumeRequest> volume,
    @Nullable String zoneId) {
  public CreateContainerGroupRequest {
    acrRegistryInfo = WireLists.orEmpty(acrRegistryInfo);
    computeCategory = WireLists.orEmpty(computeCategory);
    container = WireLists.orEmpty(container);
    hostAliase = WireLists.orEmpty(hostAliase);
    imageRegistryCredential = WireLists.orEmpty(imageRegistryCredential);
    initContainer = WireLists.orEmpty(initContainer);
    ntpServer = WireLists.orEmpty(ntpServer);
    tag = WireLists.orEmpty(tag);
    volume = WireLists.orEmpty(volume);
  }

  /** Starts with everything absent. */
  public static CreateContainerGroupRequestBuilder builder() {
    return new CreateContainerGroupRequestBuilder();
  }
}
