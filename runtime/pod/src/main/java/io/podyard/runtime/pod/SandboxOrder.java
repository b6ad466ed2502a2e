package io.podyard.runtime.pod;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupSpec;

/** The sandbox of a group; the spec gives its name, size, DNS, host aliases and volumes. */
public record SandboxOrder(
    InstallationId installation, AccountId account, ContainerGroupId group, GroupSpec spec) {}
