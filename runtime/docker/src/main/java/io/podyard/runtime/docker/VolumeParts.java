package io.podyard.runtime.docker;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The engine's volumes that a group's volumes consist of. Each sub-path that a container mounts is
 * a volume of its own, mounted at its place wherever the whole is seen: a container that writes a
 * link to somewhere else into the whole cannot make the engine follow it out of the volume.
 *
 * @param parts by name of the volume: the whole first, then its sub-paths in order
 */
record VolumeParts(Map<String, List<Part>> parts) {

  /**
   * One volume of the engine.
   *
   * @param subPath empty for the whole
   * @param name in the engine
   */
  record Part(VolumeSpec volume, String subPath, String name) {}

  /** Where a part is to be seen. */
  record Place(Part part, String path) {}

  static VolumeParts of(InstallationId installation, ContainerGroupId group, GroupSpec spec) {
    Map<String, List<Part>> parts = new LinkedHashMap<>();
    for (VolumeSpec volume : spec.volumes()) {
      TreeSet<String> subPaths = new TreeSet<>();
      subPaths.add("");
      if (volume instanceof VolumeSpec.EmptyDir) {
        Stream.concat(spec.initContainers().stream(), spec.containers().stream())
            .map(ContainerSpec::mounts)
            .flatMap(List::stream)
            .filter(mount -> mount.volume().equals(volume.name()))
            .flatMap(mount -> subPath(mount).stream())
            .forEach(subPaths::add);
      }
      parts.put(
          volume.name(),
          subPaths.stream()
              .map(
                  path ->
                      new Part(
                          volume, path, Names.volume(installation, group, volume.name(), path)))
              .toList());
    }
    return new VolumeParts(parts);
  }

  /** The same under other names. */
  VolumeParts named(Function<Part, String> names) {
    Map<String, List<Part>> named = new LinkedHashMap<>();
    parts.forEach(
        (volume, of) ->
            named.put(
                volume,
                of.stream()
                    .map(part -> new Part(part.volume(), part.subPath(), names.apply(part)))
                    .toList()));
    return new VolumeParts(named);
  }

  /** The sub-path of a mount without superfluous slashes; empty if it leads out of the volume. */
  static Optional<String> subPath(VolumeMount mount) {
    String given = mount.subPath();
    if (given == null) {
      return Optional.of("");
    }
    List<String> steps = new ArrayList<>();
    for (String step : given.split("/", -1)) {
      if (step.equals("..")) {
        return Optional.empty();
      }
      if (!step.isEmpty() && !step.equals(".")) {
        steps.add(step);
      }
    }
    return Optional.of(String.join("/", steps));
  }

  List<Part> all() {
    return parts.values().stream().flatMap(List::stream).toList();
  }

  /**
   * What is to be mounted so that a volume, or a sub-path of it, is seen at a path.
   *
   * @param subPath as {@link #subPath} gives it
   */
  List<Place> places(String volume, String subPath, String path) {
    String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    List<Place> places = new ArrayList<>();
    for (Part part : parts.getOrDefault(volume, List.of())) {
      if (part.subPath().equals(subPath)) {
        places.add(new Place(part, path));
      } else if (subPath.isEmpty()) {
        places.add(new Place(part, base + "/" + part.subPath()));
      } else if (part.subPath().startsWith(subPath + "/")) {
        places.add(new Place(part, base + part.subPath().substring(subPath.length())));
      }
    }
    return places;
  }
}
