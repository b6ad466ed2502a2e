package io.podyard.api.datacache;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists data caches, newest first; each filter that is present must match (contract section 14).
 *
 * @param dataCacheId one of these
 * @param limit rows of a page, 1 to 20; 20 by default
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record DescribeDataCachesRequest(
    @Nullable String bucket,
    @MaxItems(100) List<String> dataCacheId,
    @Nullable Integer limit,
    @Nullable String nextToken,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String path,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @MaxItems(21) List<Tag> tag) {
  public DescribeDataCachesRequest {
    dataCacheId = WireLists.orEmpty(dataCacheId);
    tag = WireLists.orEmpty(tag);
  }
}
