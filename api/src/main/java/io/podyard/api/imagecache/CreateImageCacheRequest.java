package io.podyard.api.imagecache;

import io.podyard.api.containergroup.AcrRegistryInfoRequest;
import io.podyard.api.containergroup.ImageRegistryCredentialRequest;
import io.podyard.api.tag.Tag;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes an image cache: hosts fetch the images and hold them for groups to start from (contract
 * section 13).
 *
 * @param acrRegistryInfo refused: there are no registries without a login of one's own
 * @param annotations refused: the contract does not say what they are
 * @param autoMatchImageCache accepted; what is there already is never fetched twice
 * @param eipInstanceId refused: hosts reach registries by their own network
 * @param eliminationStrategy empty, or {@code LRU}: deleted when the quota is full and it is the
 *     one that was used least lately
 * @param flash whether it may be used as soon as one host holds it
 * @param flashCopyCount hosts that get it first, if {@code flash}; 1 by default
 * @param image 1 to 100 names
 * @param imageCacheSize in GiB; the images must fit; 20 by default
 * @param insecureRegistry registries whose certificate is not verified, separated by commas
 * @param osType {@code Linux}
 * @param ownerAccount kept; it means nothing
 * @param ownerId kept; it means nothing
 * @param plainHttpRegistry registries spoken to without TLS, separated by commas
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount kept; it means nothing
 * @param resourceOwnerId kept; it means nothing
 * @param retentionDays days after which it is deleted; null for never
 * @param standardCopyCount hosts that hold it; 1 by default
 * @param vSwitchId kept; at most ten separated by commas
 * @param zoneId whose hosts hold it, if it has any
 */
public record CreateImageCacheRequest(
    @MaxItems(21) List<AcrRegistryInfoRequest> acrRegistryInfo,
    @Nullable String annotations,
    @Nullable Boolean autoMatchImageCache,
    @Nullable String clientToken,
    @Nullable String eipInstanceId,
    @Nullable String eliminationStrategy,
    @Nullable Boolean flash,
    @Nullable Integer flashCopyCount,
    @Required @MaxItems(101) List<String> image,
    @Required @Nullable String imageCacheName,
    @Nullable Integer imageCacheSize,
    @MaxItems(11) List<ImageRegistryCredentialRequest> imageRegistryCredential,
    @Nullable String insecureRegistry,
    @Nullable String osType,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String plainHttpRegistry,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable Integer retentionDays,
    @Nullable String securityGroupId,
    @Nullable Integer standardCopyCount,
    @MaxItems(21) List<Tag> tag,
    @Nullable String vSwitchId,
    @Nullable String zoneId) {
  public CreateImageCacheRequest {
    acrRegistryInfo = WireLists.orEmpty(acrRegistryInfo);
    image = WireLists.orEmpty(image);
    imageRegistryCredential = WireLists.orEmpty(imageRegistryCredential);
    tag = WireLists.orEmpty(tag);
  }
}
