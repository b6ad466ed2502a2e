package io.podyard.runtime.docker;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The engine's volumes that a group's volumes consist of. Each sub-path that a container mounts is
 * a volume of its own: a container that writes a link to somewhere else into the whole cannot make
 * the engine follow it out of the volume. Parts of an empty folder are mounted at their place
 * wherever the whole is seen; those of what outlives the group are in it by themselves.
 *
 * @param parts by name of the volume: the whole first, then its sub-paths in order
 */
record VolumeParts(Map<String, List<Part>> parts) {

  /**
   * One volume of the engine.
   *
   * @param subPath empty for the whole
   * @param receiving whether what the host mounts below it later comes into it; of its paths alone
   * @param name in the engine
   */
  record Part(VolumeSpec volume, String subPath, boolean receiving, String name) {}

  /** Where a part is to be seen. */
  record Place(Part part, String path) {}

  static VolumeParts of(InstallationId installation, ContainerGroupId group, GroupSpec spec) {
    Map<String, List<Part>> parts = new LinkedHashMap<>();
    for (VolumeSpec volume : spec.volumes()) {
      TreeSet<String> subPaths = new TreeSet<>(Set.of(""));
      TreeSet<String> receiving = new TreeSet<>();
      if (isFile(volume)) {
        parts.put(volume.name(), List.of()); // the engine has no volume of a single file
        continue;
      }
      if (!(volume instanceof VolumeSpec.ConfigFiles)) {
        VolumeFilling.mounts(spec, volume.name())
            .forEach(
                mount ->
                    subPath(mount)
                        .ifPresent((receives(volume, mount) ? receiving : subPaths)::add));
      }
      List<Part> of = new ArrayList<>();
      subPaths.forEach(path -> of.add(part(installation, group, volume, path, false)));
      receiving.forEach(path -> of.add(part(installation, group, volume, path, true)));
      parts.put(volume.name(), of);
    }
    return new VolumeParts(parts);
  }

  private static Part part(
      InstallationId installation,
      ContainerGroupId group,
      VolumeSpec volume,
      String subPath,
      boolean receiving) {
    String place = receiving ? subPath + "\nreceiving" : subPath;
    return new Part(
        volume, subPath, receiving, Names.volume(installation, group, volume.name(), place));
  }

  /** Only into what is bound to a path of the host can anything come. */
  static boolean receives(VolumeSpec volume, VolumeMount mount) {
    return volume instanceof VolumeSpec.HostPath && mount.propagation() != null;
  }

  private static boolean isFile(VolumeSpec volume) {
    return volume instanceof VolumeSpec.HostPath(_, _, var kind)
        && kind == VolumeSpec.HostPathKind.FILE;
  }

  /** The same under other names. */
  VolumeParts named(Function<Part, String> names) {
    Map<String, List<Part>> named = new LinkedHashMap<>();
    parts.forEach(
        (volume, of) ->
            named.put(
                volume,
                of.stream()
                    .map(
                        part ->
                            new Part(
                                part.volume(), part.subPath(), part.receiving(), names.apply(part)))
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
   * @param receiving as {@link #receives} says
   */
  List<Place> places(String volume, String subPath, boolean receiving, String path) {
    String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    List<Place> places = new ArrayList<>();
    for (Part part : parts.getOrDefault(volume, List.of())) {
      if (part.receiving() != receiving) {
        continue;
      }
      if (part.subPath().equals(subPath)) {
        places.add(new Place(part, path));
      } else if (VolumeKind.isLasting(part.volume())) {
        continue;
      } else if (subPath.isEmpty()) {
        places.add(new Place(part, base + "/" + part.subPath()));
      } else if (part.subPath().startsWith(subPath + "/")) {
        places.add(new Place(part, base + part.subPath().substring(subPath.length())));
      }
    }
    return places;
  }
}
