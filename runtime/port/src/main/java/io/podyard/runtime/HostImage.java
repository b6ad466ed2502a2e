package io.podyard.runtime;

import io.podyard.model.AccountId;
import org.jspecify.annotations.Nullable;

/**
 * An image that a host has, under one of the names that it was fetched by.
 *
 * @param account the only one that may use it there, because its credentials fetched it; null if
 *     everyone may
 * @param image a name as in a container, in full or as it was spelled
 * @param digest of the manifest that the registry gave for the name, {@code sha256:...}
 * @param bytes all that a registry has to send of it, compressed; 0 if nobody knows any more
 */
public record HostImage(@Nullable AccountId account, String image, String digest, long bytes) {}
