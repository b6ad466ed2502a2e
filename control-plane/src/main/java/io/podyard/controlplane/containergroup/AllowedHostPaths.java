package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.VolumeMountRequest;
import io.podyard.api.containergroup.VolumeRequest;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.runtime.HostPaths;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Which paths of hosts groups may mount: those that the operator lists, read-only unless the list
 * says otherwise. The host looks again when it mounts, links included.
 */
@Component
class AllowedHostPaths {

  private static final String SETTING = "PODYARD_DOCKER_HOST_PATHS";

  private final HostPaths allowed;

  @Autowired
  AllowedHostPaths(PodyardSettings settings) {
    this(settings.docker().allowedHostPaths());
  }

  AllowedHostPaths(HostPaths allowed) {
    this.allowed = allowed;
  }

  /** Finds paths that are not allowed, and mounts that would write where nobody may. */
  void check(CreateContainerGroupRequest request, Consumer<Problem> problems) {
    check(request, Set.of(), problems);
  }

  /**
   * The same.
   *
   * @param others the indices of volumes whose paths are none of hosts
   */
  void check(CreateContainerGroupRequest request, Set<Integer> others, Consumer<Problem> problems) {
    Map<String, HostPaths.Allowed> readOnly = new HashMap<>();
    for (int i = 0; i < request.volume().size(); i++) {
      VolumeRequest volume = request.volume().get(i);
      String path = path(volume);
      if (path == null || others.contains(i)) {
        continue;
      }
      Optional<HostPaths.Allowed> found = allowed.of(TextForms.normalized(path));
      String parameter = "Volume." + (i + 1) + "." + VolumeRules.HOST_PATH;
      if (found.isEmpty()) {
        problems.accept(
            new Problem(
                ErrorCode.INVALID_PARAMETER,
                parameter + ".Path",
                path,
                "is not allowed here; the operator can allow paths of hosts with " + SETTING));
      } else if (!found.get().writable()) {
        String name = volume.name();
        if (name != null) {
          readOnly.put(name, found.get());
        }
      } else if (volume.hostPathVolume() != null && "File".equals(volume.hostPathVolume().type())) {
        problems.accept(
            new Problem(
                ErrorCode.INVALID_PARAMETER,
                parameter + ".Type",
                "File",
                "must be Directory: single files can be mounted where groups cannot write"));
      }
    }
    if (!readOnly.isEmpty()) {
      ContainerAsked.of(request).forEach(container -> checkMounts(container, readOnly, problems));
    }
  }

  /** The path of a volume that is one of the host and has a path in order. */
  static @Nullable String path(VolumeRequest volume) {
    VolumeRequest.HostPathVolume asked = volume.hostPathVolume();
    String path = asked == null ? null : asked.path();
    return VolumeRules.HOST_PATH.equals(volume.type())
            && path != null
            && path.length() <= TextForms.LONGEST_PATH
            && TextForms.isAbsolutePath(path)
        ? path
        : null;
  }

  private static void checkMounts(
      ContainerAsked container,
      Map<String, HostPaths.Allowed> readOnly,
      Consumer<Problem> problems) {
    List<VolumeMountRequest> mounts = container.mounts();
    for (int i = 0; i < mounts.size(); i++) {
      VolumeMountRequest mount = mounts.get(i);
      HostPaths.Allowed path = mount.name() == null ? null : readOnly.get(mount.name());
      if (path != null && !Boolean.TRUE.equals(mount.readOnly())) {
        problems.accept(
            new Problem(
                ErrorCode.INVALID_PARAMETER,
                container.path() + ".VolumeMount." + (i + 1) + ".ReadOnly",
                mount.readOnly() == null ? null : "false",
                "must be true: the operator allows %s for reading only (%s)"
                    .formatted(path.path(), SETTING)));
      }
    }
  }
}
