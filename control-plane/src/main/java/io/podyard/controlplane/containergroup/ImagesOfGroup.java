package io.podyard.controlplane.containergroup;

import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The images that a group needs on its host.
 *
 * @param account whose group it is
 * @param names as its containers have them, each once; what is no name of an image is left out
 * @param cached those that it takes from image caches
 */
public record ImagesOfGroup(
    AccountId account, RegionId region, Set<String> names, List<CachedImage> cached) {

  public ImagesOfGroup {
    names = Set.copyOf(names);
    cached = List.copyOf(cached);
  }

  /**
   * The images of a group's containers.
   *
   * @param cached those that it takes from image caches
   */
  static ImagesOfGroup of(
      AccountId account, RegionId region, GroupSpec spec, Collection<CachedImage> cached) {
    return new ImagesOfGroup(
        account,
        region,
        Stream.concat(spec.initContainers().stream(), spec.containers().stream())
            .map(ContainerSpec::image)
            .filter(ImageNames::isName)
            .collect(Collectors.toUnmodifiableSet()),
        List.copyOf(cached));
  }

  /** What it takes from an image cache under a name; empty if that is not from any. */
  public Optional<CachedImage> cached(String name) {
    return cached.stream().filter(image -> image.image().equals(name)).findFirst();
  }
}
