package io.podyard.runtime.docker.image;

import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.image.ImageStore.Stored;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Room on an engine. Of the images that Podyard brought there go those that were not used for
 * longest; never one that a container is made of, that an image cache holds, or that was used just
 * now. What others brought is not touched.
 */
final class ImageRoom {

  /** Each image that Podyard brings gets one below this. */
  private static final String OWN_NAMES = ImageReference.OWN_HOST + "/image:";

  /** So long a group has from its image to its container. */
  private static final Duration LEFT_ALONE = Duration.ofMinutes(10);

  private final ImageStore store;
  private final ImageUses uses;
  private final long highBytes;
  private final long lowBytes;
  private final InstantSource clock;

  ImageRoom(ImageStore store, FetcherSettings settings, InstantSource clock) {
    this.store = store;
    this.uses = new ImageUses(settings.folder().resolve("used"), clock);
    this.highBytes = settings.highBytes();
    this.lowBytes = settings.lowBytes();
    this.clock = clock;
  }

  /** What the engine is to call an image. */
  static String name(String origin, String manifest) {
    return OWN_NAMES + Digest.hex(origin + "@" + manifest);
  }

  void noteUse(String imageId) {
    uses.note(imageId);
  }

  /** Removes images down to the lower mark if they are beyond the upper one. */
  void collect(Fence fence) throws RuntimeUnavailableException, StaleFenceException {
    List<Stored> own = own();
    long total = own.stream().mapToLong(Stored::bytes).sum();
    if (total <= highBytes) {
      return;
    }
    Set<String> inContainers = store.inContainers();
    own.sort(Comparator.comparing(image -> uses.at(image.id())));
    for (Stored image : own) {
      if (total <= lowBytes) {
        return;
      }
      boolean idle = uses.at(image.id()).isBefore(clock.instant().minus(LEFT_ALONE));
      if (idle && !inContainers.contains(image.id()) && remove(image, ownNames(image), fence)) {
        total -= image.bytes();
      }
    }
  }

  /**
   * Takes these names of ours from images that no container is made of and no cache holds, however
   * much room there is.
   */
  void free(Set<String> names, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Set<String> inContainers = store.inContainers();
    for (Stored image : own()) {
      Set<String> gone = new HashSet<>(image.names());
      gone.retainAll(names);
      if (!inContainers.contains(image.id())) {
        boolean _ = remove(image, gone, fence);
      }
    }
  }

  private List<Stored> own() throws RuntimeUnavailableException {
    List<Stored> own = new ArrayList<>(store.images());
    own.removeIf(image -> ownNames(image).isEmpty());
    return own;
  }

  private static Set<String> ownNames(Stored image) {
    Set<String> names = new HashSet<>(image.names());
    names.removeIf(name -> !name.startsWith(OWN_NAMES));
    return names;
  }

  /** Unless a cache holds it, or somebody made a container of it just now. */
  private boolean remove(Stored image, Set<String> names, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    if (image.names().stream().anyMatch(name -> name.startsWith(HeldImages.REPOSITORY + "/"))) {
      return false;
    }
    for (String name : names) {
      if (!store.removeUnused(name, fence)) {
        return false;
      }
    }
    if (names.containsAll(image.names())) {
      uses.forget(image.id());
    }
    return true;
  }
}
