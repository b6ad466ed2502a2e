package io.podyard.api.ops;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/**
 * Lists the operations tasks of a group, newest first (contract section 15).
 *
 * @param opsType {@code tcpdump} or {@code coredump}
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record DescribeInstanceOpsRecordsRequest(
    @Required @Nullable String containerGroupId,
    @Required @Nullable String opsType,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {}
