package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a {@link CreateContainerGroupRequest}. Parameters this version refuses are
 * not offered here; what is never named stays absent.
 */
@SuppressWarnings("CanIgnoreReturnValueSuggester")
public final class CreateContainerGroupRequestBuilder {

  private @Nullable Long activeDeadlineSeconds;
  private @Nullable String clientToken;
  private List<ContainerRequest> container = List.of();
  private @Nullable String containerGroupName;
  private @Nullable BigDecimal cpu;
  private @Nullable DnsConfigRequest dnsConfig;
  private @Nullable String dnsPolicy;
  private @Nullable Boolean dryRun;
  private @Nullable String gpuDriverVersion;
  private List<HostAliaseRequest> hostAliase = List.of();
  private @Nullable String hostName;
  private List<ImageRegistryCredentialRequest> imageRegistryCredential = List.of();
  private @Nullable String imageSnapshotId;
  private List<InitContainerRequest> initContainer = List.of();
  private @Nullable String insecureRegistry;
  private @Nullable String instanceType;
  private List<String> computeCategory = List.of();
  private @Nullable String cpuArchitecture;
  private @Nullable Integer maxPendingMinute;
  private @Nullable BigDecimal memory;
  private @Nullable String ownerAccount;
  private @Nullable Long ownerId;
  private @Nullable String plainHttpRegistry;
  private @Nullable String ramRoleName;
  private @Nullable String regionId;
  private @Nullable String resourceGroupId;
  private @Nullable String resourceOwnerAccount;
  private @Nullable Long resourceOwnerId;
  private @Nullable String restartPolicy;
  private @Nullable String scheduleStrategy;
  private @Nullable String securityGroupId;
  private @Nullable String spotStrategy;
  private List<Tag> tag = List.of();
  private @Nullable Long terminationGracePeriodSeconds;
  private @Nullable String vSwitchId;
  private List<VolumeRequest> volume = List.of();
  private @Nullable String zoneId;

  CreateContainerGroupRequestBuilder() {}

  public CreateContainerGroupRequestBuilder activeDeadlineSeconds(@Nullable Long value) {
    this.activeDeadlineSeconds = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder clientToken(@Nullable String value) {
    this.clientToken = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder container(List<ContainerRequest> value) {
    this.container = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder containerGroupName(@Nullable String value) {
    this.containerGroupName = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder cpu(@Nullable BigDecimal value) {
    this.cpu = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder dnsConfig(@Nullable DnsConfigRequest value) {
    this.dnsConfig = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder dnsPolicy(@Nullable String value) {
    this.dnsPolicy = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder dryRun(@Nullable Boolean value) {
    this.dryRun = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder gpuDriverVersion(@Nullable String value) {
    this.gpuDriverVersion = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder hostAliase(List<HostAliaseRequest> value) {
    this.hostAliase = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder hostName(@Nullable String value) {
    this.hostName = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder imageRegistryCredential(
      List<ImageRegistryCredentialRequest> value) {
    this.imageRegistryCredential = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder imageSnapshotId(@Nullable String value) {
    this.imageSnapshotId = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder initContainer(List<InitContainerRequest> value) {
    this.initContainer = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder instanceType(@Nullable String value) {
    this.instanceType = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder computeCategory(List<String> value) {
    this.computeCategory = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder cpuArchitecture(@Nullable String value) {
    this.cpuArchitecture = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder insecureRegistry(@Nullable String value) {
    this.insecureRegistry = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder maxPendingMinute(@Nullable Integer value) {
    this.maxPendingMinute = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder memory(@Nullable BigDecimal value) {
    this.memory = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder ownerAccount(@Nullable String value) {
    this.ownerAccount = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder ownerId(@Nullable Long value) {
    this.ownerId = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder plainHttpRegistry(@Nullable String value) {
    this.plainHttpRegistry = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder ramRoleName(@Nullable String value) {
    this.ramRoleName = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder regionId(@Nullable String value) {
    this.regionId = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder resourceGroupId(@Nullable String value) {
    this.resourceGroupId = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder resourceOwnerAccount(@Nullable String value) {
    this.resourceOwnerAccount = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder resourceOwnerId(@Nullable Long value) {
    this.resourceOwnerId = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder restartPolicy(@Nullable String value) {
    this.restartPolicy = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder scheduleStrategy(@Nullable String value) {
    this.scheduleStrategy = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder securityGroupId(@Nullable String value) {
    this.securityGroupId = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder spotStrategy(@Nullable String value) {
    this.spotStrategy = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder tag(List<Tag> value) {
    this.tag = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder terminationGracePeriodSeconds(@Nullable Long value) {
    this.terminationGracePeriodSeconds = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder vSwitchId(@Nullable String value) {
    this.vSwitchId = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder volume(List<VolumeRequest> value) {
    this.volume = value;
    return this;
  }

  public CreateContainerGroupRequestBuilder zoneId(@Nullable String value) {
    this.zoneId = value;
    return this;
  }

  /** The record with everything named so far. */
  public CreateContainerGroupRequest build() {
    return new CreateContainerGroupRequest(
        List.of(),
        activeDeadlineSeconds,
        null,
        null,
        clientToken,
        computeCategory,
        container,
        containerGroupName,
        null,
        null,
        cpu,
        cpuArchitecture,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        dnsConfig,
        dnsPolicy,
        dryRun,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        gpuDriverVersion,
        hostAliase,
        hostName,
        null,
        null,
        imageRegistryCredential,
        imageSnapshotId,
        null,
        initContainer,
        insecureRegistry,
        instanceType,
        null,
        null,
        null,
        maxPendingMinute,
        memory,
        List.of(),
        null,
        null,
        ownerAccount,
        ownerId,
        plainHttpRegistry,
        null,
        ramRoleName,
        regionId,
        resourceGroupId,
        resourceOwnerAccount,
        resourceOwnerId,
        restartPolicy,
        scheduleStrategy,
        null,
        securityGroupId,
        null,
        null,
        null,
        null,
        spotStrategy,
        null,
        tag,
        terminationGracePeriodSeconds,
        vSwitchId,
        volume,
        zoneId);
  }
}
