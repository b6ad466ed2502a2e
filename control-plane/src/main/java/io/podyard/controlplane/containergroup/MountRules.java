package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.VolumeMountRequest;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeMount.Propagation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a container sees the volumes of its group (contract section 10). */
final class MountRules {

  private static final int MOST_MOUNTS = 100;

  private MountRules() {}

  /**
   * @param volumes the names there are; null if not all of them could be read
   */
  static List<VolumeMount> read(
      ContainerAsked container, @Nullable Set<String> volumes, Findings findings) {
    List<VolumeMountRequest> asked = container.mounts();
    String list = container.path() + ".VolumeMount";
    if (asked.size() > MOST_MOUNTS) {
      findings.tooMany(list, asked.size(), MOST_MOUNTS);
    }
    List<VolumeMount> mounts = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < asked.size(); i++) {
      VolumeMountRequest mount = asked.get(i);
      String path = list + "." + (i + 1);
      String where = mountPath(path + ".MountPath", mount.mountPath(), findings);
      if (!where.isEmpty() && !taken.add(where)) {
        findings.invalid(path + ".MountPath", where, "must be given once in a container");
      }
      mounts.add(
          new VolumeMount(
              volume(path + ".Name", mount.name(), volumes, findings),
              where,
              subPath(path + ".SubPath", mount.subPath(), findings),
              Boolean.TRUE.equals(mount.readOnly()),
              propagation(path + ".MountPropagation", mount.mountPropagation(), findings)));
    }
    return mounts;
  }

  private static String volume(
      String parameter, @Nullable String name, @Nullable Set<String> volumes, Findings findings) {
    if (name == null || name.isEmpty()) {
      findings.missing(parameter);
      return "";
    }
    if (volumes != null && !volumes.contains(name)) {
      findings.invalid(parameter, name, "must be the name of a volume of the group");
    }
    return name;
  }

  private static String mountPath(String parameter, @Nullable String path, Findings findings) {
    if (path == null || path.isEmpty()) {
      findings.missing(parameter);
      return "";
    }
    if (findings.tooLong(parameter, path, TextForms.LONGEST_PATH)) {
      return "";
    }
    // A colon would end the path in the notation engines use for mounts.
    if (!TextForms.isAbsolutePath(path) || path.indexOf(':') >= 0) {
      findings.invalid(
          parameter, path, "must be an absolute path such as /data, without '..' and ':'");
      return "";
    }
    String where = TextForms.normalized(path);
    if (where.equals("/")) {
      findings.invalid(parameter, path, "must be a path below the root, such as /data");
      return "";
    }
    return where;
  }

  private static @Nullable String subPath(
      String parameter, @Nullable String path, Findings findings) {
    if (path == null || path.isEmpty()) {
      return null;
    }
    if (findings.tooLong(parameter, path, TextForms.LONGEST_PATH)) {
      return null;
    }
    String inside = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (!TextForms.isRelativePath(inside)) {
      findings.invalid(
          parameter, path, "must be a path inside the volume such as conf/app, without '..'");
    }
    return inside;
  }

  /** The contract spells one of them in two ways. */
  private static @Nullable Propagation propagation(
      String parameter, @Nullable String propagation, Findings findings) {
    return switch (propagation) {
      case null -> null;
      case "", "None" -> null;
      case "HostToContainer", "HostToCotainer" -> Propagation.HOST_TO_CONTAINER;
      case "Bidirectional" -> {
        findings.invalid(
            parameter,
            propagation,
            "must be None or HostToContainer: what a container mounts reaches its host from"
                + " privileged containers only, and there are none");
        yield null;
      }
      default -> {
        findings.invalid(parameter, propagation, "must be None or HostToContainer");
        yield null;
      }
    };
  }
}
