package io.podyard.api.imagecache;

import io.podyard.api.containergroup.ImageRegistryCredentialRequest;
import io.podyard.api.tag.Tag;
import io.podyard.api.wire.FreeText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes an image cache. What is absent stays as it is. Where other images, logins, sizes or
 * copies are asked for it is made anew, and what it was is used until then (contract section 13).
 *
 * @param acrRegistryInfo refused: there are no registries without a login of one's own
 * @param autoMatchImageCache accepted; what is there already is never fetched twice
 * @param eipInstanceId refused: hosts reach registries by their own network
 * @param eliminationStrategy {@code LRU}, or empty to take it away
 * @param image all that it is to hold, at most 100
 * @param imageCacheSize in GiB
 * @param imageRegistryCredential in place of all there were
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param retentionDays from now on
 * @param tag in place of all there were
 */
public record UpdateImageCacheRequest(
    @MaxItems(21) List<AcrRegistry> acrRegistryInfo,
    @Nullable Boolean autoMatchImageCache,
    @Nullable String clientToken,
    @Nullable String eipInstanceId,
    @FreeText @Nullable String eliminationStrategy,
    @Nullable Boolean flash,
    @Nullable Integer flashCopyCount,
    @MaxItems(101) List<String> image,
    @Required @Nullable String imageCacheId,
    @Nullable String imageCacheName,
    @Nullable Integer imageCacheSize,
    @MaxItems(11) List<ImageRegistryCredentialRequest> imageRegistryCredential,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable Integer retentionDays,
    @Nullable String securityGroupId,
    @Nullable Integer standardCopyCount,
    @MaxItems(21) List<Tag> tag,
    @Nullable String vSwitchId) {
  public UpdateImageCacheRequest {
    acrRegistryInfo = WireLists.orEmpty(acrRegistryInfo);
    image = WireLists.orEmpty(image);
    imageRegistryCredential = WireLists.orEmpty(imageRegistryCredential);
    tag = WireLists.orEmpty(tag);
  }

  /** A registry of the vendor's. */
  public record AcrRegistry(
      @MaxItems(100) List<String> domain,
      @Nullable String instanceId,
      @Nullable String instanceName,
      @Nullable String regionId) {
    public AcrRegistry {
      domain = WireLists.orEmpty(domain);
    }
  }
}
