package io.podyard.api.imagecache;

import io.podyard.api.tag.Tag;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists image caches, newest first; each filter that is present must match (contract section 13).
 *
 * @param image only caches that hold this image
 * @param imageFullMatch with {@code matchImage}: only caches that hold all of them
 * @param imageMatchCountRequest with {@code matchImage}: only caches that hold as many of them
 * @param limit rows of a page, 1 to 100; 20 by default
 * @param matchImage images of a group, at most 100: only caches that may be used for it, the one
 *     that would be used first
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record DescribeImageCachesRequest(
    @Nullable String image,
    @Nullable String imageCacheId,
    @Nullable String imageCacheName,
    @Nullable Boolean imageFullMatch,
    @Nullable Integer imageMatchCountRequest,
    @Nullable Integer limit,
    @MaxItems(101) List<String> matchImage,
    @Nullable String nextToken,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceGroupId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable String snapshotId,
    @MaxItems(21) List<Tag> tag) {
  public DescribeImageCachesRequest {
    matchImage = WireLists.orEmpty(matchImage);
    tag = WireLists.orEmpty(tag);
  }
}
