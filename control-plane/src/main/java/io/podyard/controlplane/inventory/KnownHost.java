package io.podyard.controlplane.inventory;

import io.podyard.model.ContainerGroupId;
import io.podyard.scheduler.HostSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A host as the database has it.
 *
 * @param runtime the runtime of its pool
 * @param keptFor the group that it is kept for, null if for none
 */
public record KnownHost(
    HostSnapshot snapshot, int shard, String runtime, @Nullable ContainerGroupId keptFor) {}
