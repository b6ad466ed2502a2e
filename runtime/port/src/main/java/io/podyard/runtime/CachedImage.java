package io.podyard.runtime;

/**
 * An image that a group's start takes from an image cache instead of from its registry.
 *
 * @param image as the group's containers name it
 * @param digest of the manifest that the registry gave for the name when the cache was made, {@code
 *     sha256:...}
 * @param cache the key under which hosts hold it; see {@link ImageCopyOrder}
 */
public record CachedImage(String image, String digest, String cache) {}
