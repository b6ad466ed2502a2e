package io.podyard.api.ops;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/**
 * Begins an operations task in a running group, or ends it (contract section 15).
 *
 * @param opsType {@code tcpdump} or {@code coredump}
 * @param opsValue of {@code tcpdump} a JSON object: {@code Enable} (required), {@code Protocol},
 *     {@code SourceIp}, {@code SourceCidr}, {@code SourcePort}, {@code DestIp}, {@code DestCidr},
 *     {@code DestPort}, {@code IfDeviceName}, {@code Snaplen}, {@code Duration} in seconds, {@code
 *     PacketNum}, {@code FileSize} in bytes; of {@code coredump} {@code enable} or {@code disable}
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record CreateInstanceOpsTaskRequest(
    @Required @Nullable String containerGroupId,
    @Required @Nullable String opsType,
    @Required @Nullable String opsValue,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {}
