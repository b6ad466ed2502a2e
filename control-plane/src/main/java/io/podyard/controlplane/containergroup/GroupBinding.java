package io.podyard.controlplane.containergroup;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.time.Instant;

/** A waiting group to be bound to the host that was picked for it. */
record GroupBinding(ContainerGroupId group, Size size, HostId host, Instant at) {}
