package io.podyard.runtime;

import java.util.List;

/**
 * An image that a host holds for a cache.
 *
 * @param image as the cache names it
 * @param digest of the manifest that the registry gave for the name, {@code sha256:...}
 * @param bytes all that a registry has to send of it, compressed: the sum of its parts
 * @param layers its parts, each once: the configuration and the layers
 */
public record HeldImage(String image, String digest, long bytes, List<HeldLayer> layers) {
  public HeldImage {
    layers = List.copyOf(layers);
  }
}
