package io.podyard.controlplane.inventory;

import io.podyard.scheduler.HostSnapshot;

/**
 * A host as the database has it.
 *
 * @param runtime the runtime of its pool
 */
public record KnownHost(HostSnapshot snapshot, int shard, String runtime) {}
