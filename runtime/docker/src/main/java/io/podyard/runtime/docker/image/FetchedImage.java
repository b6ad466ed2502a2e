package io.podyard.runtime.docker.image;

import io.podyard.runtime.HeldLayer;
import io.podyard.runtime.pod.ImageView;
import java.util.List;

/**
 * An image that is on the engine.
 *
 * @param imageId the engine's own id
 * @param digest of the manifest that its name stands for
 * @param parts configuration and layers, each once; empty if nobody knows any more
 * @param registryBytes what was asked of the registry for it
 * @param cache the key of the cache that it was taken from, empty for none
 */
record FetchedImage(
    String imageId, String digest, List<HeldLayer> parts, long registryBytes, String cache) {
  FetchedImage {
    parts = List.copyOf(parts);
  }

  long bytes() {
    return parts.stream().mapToLong(HeldLayer::bytes).sum();
  }

  ImageView.Present present() {
    return new ImageView.Present(bytes(), registryBytes, cache);
  }
}
