package io.podyard.api.containergroup;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes a group that is Pending or Running (contract section 12). What is absent stays as it is;
 * what of it is refused is said by {@link io.podyard.api.FieldTable}.
 *
 * @param clientToken at most 64 ASCII characters; the same token and the same request change the
 *     group once
 * @param cpu vCPU of the whole group
 * @param memory GiB of the whole group
 * @param ownerAccount accepted; the contract gives it no meaning
 * @param ownerId accepted; the contract gives it no meaning
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; the contract gives it no meaning
 * @param resourceOwnerId accepted; the contract gives it no meaning
 * @param updateType {@code RenewUpdate} (default): every object named is given complete; {@code
 *     IncrementalUpdate}: only what is named changes
 */
public record UpdateContainerGroupRequest(
    @MaxItems(21) List<UpdateAcrRegistryInfoRequest> acrRegistryInfo,
    @Nullable String clientToken,
    @MaxItems(21) List<UpdateContainerRequest> container,
    @Required @Nullable String containerGroupId,
    @Nullable BigDecimal cpu,
    @Nullable DnsConfigRequest dnsConfig,
    @MaxItems(21) List<ImageRegistryCredentialRequest> imageRegistryCredential,
    @MaxItems(21) List<UpdateInitContainerRequest> initContainer,
    @Nullable BigDecimal memory,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable String restartPolicy,
    @MaxItems(21) List<Tag> tag,
    @Nullable String updateType,
    @MaxItems(61) List<UpdateVolumeRequest> volume) {
  public UpdateContainerGroupRequest {
    acrRegistryInfo = WireLists.orEmpty(acrRegistryInfo);
    container = WireLists.orEmpty(container);
    imageRegistryCredential = WireLists.orEmpty(imageRegistryCredential);
    initContainer = WireLists.orEmpty(initContainer);
    tag = WireLists.orEmpty(tag);
    volume = WireLists.orEmpty(volume);
  }

  /** Starts with everything absent. */
  public static UpdateContainerGroupRequestBuilder builder() {
    return new UpdateContainerGroupRequestBuilder();
  }
}
