package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a {@link UpdateContainerGroupRequest}. Parameters this version refuses are
 * not offered here; what is never named stays absent.
 */
@SuppressWarnings("CanIgnoreReturnValueSuggester")
public final class UpdateContainerGroupRequestBuilder {

  private @Nullable String clientToken;
  private List<UpdateContainerRequest> container = List.of();
  private @Nullable String containerGroupId;
  private @Nullable BigDecimal cpu;
  private @Nullable DnsConfigRequest dnsConfig;
  private List<ImageRegistryCredentialRequest> imageRegistryCredential = List.of();
  private List<UpdateInitContainerRequest> initContainer = List.of();
  private @Nullable BigDecimal memory;
  private @Nullable String ownerAccount;
  private @Nullable Long ownerId;
  private @Nullable String regionId;
  private @Nullable String resourceGroupId;
  private @Nullable String resourceOwnerAccount;
  private @Nullable Long resourceOwnerId;
  private @Nullable String restartPolicy;
  private List<Tag> tag = List.of();
  private @Nullable String updateType;
  private List<UpdateVolumeRequest> volume = List.of();

  UpdateContainerGroupRequestBuilder() {}

  public UpdateContainerGroupRequestBuilder clientToken(@Nullable String value) {
    this.clientToken = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder container(List<UpdateContainerRequest> value) {
    this.container = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder containerGroupId(@Nullable String value) {
    this.containerGroupId = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder cpu(@Nullable BigDecimal value) {
    this.cpu = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder dnsConfig(@Nullable DnsConfigRequest value) {
    this.dnsConfig = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder imageRegistryCredential(
      List<ImageRegistryCredentialRequest> value) {
    this.imageRegistryCredential = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder initContainer(List<UpdateInitContainerRequest> value) {
    this.initContainer = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder memory(@Nullable BigDecimal value) {
    this.memory = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder ownerAccount(@Nullable String value) {
    this.ownerAccount = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder ownerId(@Nullable Long value) {
    this.ownerId = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder regionId(@Nullable String value) {
    this.regionId = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder resourceGroupId(@Nullable String value) {
    this.resourceGroupId = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder resourceOwnerAccount(@Nullable String value) {
    this.resourceOwnerAccount = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder resourceOwnerId(@Nullable Long value) {
    this.resourceOwnerId = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder restartPolicy(@Nullable String value) {
    this.restartPolicy = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder tag(List<Tag> value) {
    this.tag = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder updateType(@Nullable String value) {
    this.updateType = value;
    return this;
  }

  public UpdateContainerGroupRequestBuilder volume(List<UpdateVolumeRequest> value) {
    this.volume = value;
    return this;
  }

  /** The record with everything named so far. */
  public UpdateContainerGroupRequest build() {
    return new UpdateContainerGroupRequest(
        List.of(),
        clientToken,
        container,
        containerGroupId,
        cpu,
        dnsConfig,
        imageRegistryCredential,
        initContainer,
        memory,
        ownerAccount,
        ownerId,
        regionId,
        resourceGroupId,
        resourceOwnerAccount,
        resourceOwnerId,
        restartPolicy,
        tag,
        updateType,
        volume);
  }
}
