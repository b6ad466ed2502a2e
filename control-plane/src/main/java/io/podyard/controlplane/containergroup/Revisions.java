package io.podyard.controlplane.containergroup;

import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupGpus;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which containers of a changed group are made anew (contract section 12): those that changed
 * themselves, that mount a volume that changed, or that may use what the group has and the group
 * has changed; all of them if an init container changed or what all share.
 */
final class Revisions {

  private Revisions() {}

  /** All containers are made anew. */
  static GroupSpec restarted(GroupSpec spec, long generation) {
    return spec.withContainers(
        all(spec.initContainers(), generation), all(spec.containers(), generation));
  }

  /**
   * The wanted spec, with the revisions of the one before where nothing is to be done.
   *
   * @param generation of the change
   */
  static GroupSpec changed(GroupSpec before, GroupSpec wanted, long generation) {
    boolean all =
        !unrevised(before.initContainers()).equals(unrevised(wanted.initContainers()))
            || !places(before, before.initContainers())
                .equals(places(wanted, wanted.initContainers()))
            || !Objects.equals(before.dns(), wanted.dns())
            || !before.hostAliases().equals(wanted.hostAliases());
    if (all) {
      return restarted(wanted, generation);
    }
    Map<String, ContainerSpec> old =
        Stream.concat(before.initContainers().stream(), before.containers().stream())
            .collect(Collectors.toMap(ContainerSpec::name, Function.identity()));
    Set<String> changedVolumes = changedVolumes(before.volumes(), wanted.volumes());
    boolean resized = !before.size().equals(wanted.size());
    return wanted.withContainers(
        wanted.initContainers().stream()
            .map(spec -> spec.withRevision(revision(old.get(spec.name()), generation)))
            .toList(),
        wanted.containers().stream()
            .map(
                spec -> {
                  ContainerSpec same = old.get(spec.name());
                  boolean anew =
                      same == null
                          || !same.withRevision(0).equals(spec.withRevision(0))
                          || !places(before, List.of(spec)).equals(places(wanted, List.of(spec)))
                          || (resized && spec.size() == null)
                          || spec.mounts().stream()
                              .anyMatch(mount -> changedVolumes.contains(mount.volume()));
                  return spec.withRevision(anew ? generation : revision(same, generation));
                })
            .toList());
  }

  /** Which GPUs containers see. */
  private static List<List<Integer>> places(GroupSpec group, List<ContainerSpec> containers) {
    GroupGpus gpus = group.gpus();
    return gpus == null
        ? List.of()
        : containers.stream()
            .map(one -> gpus.places().getOrDefault(one.name(), List.of()))
            .toList();
  }

  private static long revision(@Nullable ContainerSpec old, long generation) {
    return old == null ? generation : old.revision();
  }

  private static List<ContainerSpec> all(List<ContainerSpec> specs, long generation) {
    return specs.stream().map(spec -> spec.withRevision(generation)).toList();
  }

  private static List<ContainerSpec> unrevised(List<ContainerSpec> specs) {
    return all(specs, 0);
  }

  private static Set<String> changedVolumes(List<VolumeSpec> before, List<VolumeSpec> wanted) {
    return Stream.concat(before.stream(), wanted.stream())
        .filter(volume -> !before.contains(volume) || !wanted.contains(volume))
        .map(VolumeSpec::name)
        .collect(Collectors.toSet());
  }
}
