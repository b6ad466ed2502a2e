package io.podyard.runtime.pod;

import io.podyard.model.AccountId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;

/**
 * One attempt at a container, to be made inside the group's sandbox.
 *
 * @param podIp address of the sandbox, for the environment; empty if it has none
 */
public record ContainerOrder(
    ContainerName name, AccountId account, GroupSpec group, ContainerSpec spec, String podIp) {}
