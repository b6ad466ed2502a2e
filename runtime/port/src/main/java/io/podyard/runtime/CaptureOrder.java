package io.podyard.runtime;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;

/**
 * A capture of the packets in a group's network.
 *
 * @param account whose group it is
 * @param task the capture's own id: letters, digits and {@code -}, at most 100. The capture is
 *     found on the host by it, so a second begin of the same task begins nothing
 * @param image in whose path there is a {@code tcpdump}; fetched without a login
 * @param retry a higher number than before fetches the image once more although that failed
 */
public record CaptureOrder(
    InstallationId installation,
    AccountId account,
    HostId host,
    ContainerGroupId group,
    String task,
    String image,
    int retry,
    CaptureFilter filter) {}
