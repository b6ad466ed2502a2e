package io.podyard.controlplane.exec;

import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.ExecOrder;

/** A command that somebody may run in a container, and on whose behalf. */
public record AskedExec(
    AccountId account,
    AccessKeyId key,
    ContainerGroupId group,
    HostId host,
    String container,
    ExecOrder order) {}
