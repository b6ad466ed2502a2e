package io.podyard.api.commit;

import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists tasks that make images of containers, newest first; each filter that is present must match
 * (contract section 15).
 *
 * @param maxResults rows of a page, 1 to 50; 10 by default
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param taskId at most ten; empty means all
 * @param taskStatus {@code Running}, {@code Succeeded} or {@code Failed}
 */
public record DescribeCommitContainerTaskRequest(
    @Nullable String containerGroupId,
    @Nullable Integer maxResults,
    @Nullable String nextToken,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @MaxItems(10) List<String> taskId,
    @Nullable String taskStatus) {
  public DescribeCommitContainerTaskRequest {
    taskId = WireLists.orEmpty(taskId);
  }
}
