package io.podyard.runtime;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;

/**
 * Which container is to become an image.
 *
 * @param task the commit's own id: letters, digits and {@code -}, at most 100. The image on the
 *     host is found by it, so a second commit of the same task makes nothing
 * @param author of the image, empty for none
 * @param message of the image, empty for none
 */
public record CommitOrder(
    InstallationId installation,
    HostId host,
    ContainerGroupId group,
    String container,
    String task,
    String author,
    String message) {}
