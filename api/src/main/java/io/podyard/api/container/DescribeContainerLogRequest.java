package io.podyard.api.container;

import io.podyard.api.wire.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log of one container (contract section 15).
 *
 * @param lastTime true reads the previous run of the container
 * @param limitBytes 1 to 1048576
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param sinceSeconds only lines of that many seconds
 * @param startTime only lines from then on
 * @param tail the last so many lines; 500 by default, at most 2000
 * @param timestamps true puts the time in front of each line
 */
public record DescribeContainerLogRequest(
    @Required @Nullable String containerGroupId,
    @Required @Nullable String containerName,
    @Nullable Boolean lastTime,
    @Nullable Long limitBytes,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable Integer sinceSeconds,
    @Nullable Instant startTime,
    @Nullable Integer tail,
    @Nullable Boolean timestamps) {}
