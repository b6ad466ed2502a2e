package io.podyard.controlplane.containergroup;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What of a group that waits for a host may change while it does.
 *
 * @param generation grows when what it wants changes
 * @param version grows with every write of its row
 * @param message what is said of it
 * @param deadlineAt when it waits no more, null if never
 * @param spot whether it is a spot group
 */
record WaitingGroup(
    ContainerGroupId id,
    AccountId account,
    long generation,
    long version,
    String message,
    Instant createdAt,
    @Nullable Instant deadlineAt,
    boolean spot) {}
