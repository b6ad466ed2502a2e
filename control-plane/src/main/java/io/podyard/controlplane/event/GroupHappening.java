package io.podyard.controlplane.event;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Occurrence;
import java.time.Instant;

/** Something that happened to a group at a time. */
public record GroupHappening(
    ContainerGroupId group, AccountId account, Occurrence occurrence, Instant at) {}
