package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectVolumeResponse;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a volume of the engine is, in a word kept as its label. A volume of a group that becomes
 * something else under the same name is another one in the engine: folders change their medium, and
 * configuration files their content, all at once and never under a container's hands.
 */
final class VolumeKind {

  private static final String DISK = "disk";
  private static final String MEMORY = "memory";

  /** Begins the word for what is somebody else's and outlives the group. */
  private static final String LASTING = "lasting-";

  private VolumeKind() {}

  static String of(ContainerGroupId group, GroupSpec spec, VolumeSpec volume) {
    return switch (volume) {
      case VolumeSpec.EmptyDir folder -> memory(folder.inMemory(), folder.sizeLimitMib());
      case VolumeSpec.ConfigFiles files -> "files-" + content(group, spec, files);
      case VolumeSpec.Nfs(_, String server, String path, boolean readOnly, _) ->
          LASTING + Names.hash("nfs\n" + server + "\n" + path + "\n" + readOnly);
      // Not its size: it grows in its place.
      case VolumeSpec.Disk(_, String id, _) -> LASTING + Names.hash("disk\n" + id);
      case VolumeSpec.DataCache(_, _, String digest, String path, boolean readOnly, _, _) ->
          LASTING + Names.hash("data\n" + digest + "\n" + path + "\n" + readOnly);
      case VolumeSpec.HostPath(_, String path, VolumeSpec.HostPathKind kind) ->
          LASTING + Names.hash("path\n" + path + "\n" + kind);
    };
  }

  private static String memory(boolean inMemory, @Nullable Integer limitMib) {
    return !inMemory ? DISK : limitMib == null ? MEMORY : MEMORY + "-" + limitMib;
  }

  /** The group's id is in it, so that equal content of two groups does not show as equal. */
  private static String content(
      ContainerGroupId group, GroupSpec spec, VolumeSpec.ConfigFiles volume) {
    StringBuilder all = new StringBuilder(group.value());
    volume.files().stream()
        .sorted(Comparator.comparing(VolumeSpec.ConfigFile::path))
        .forEach(
            file ->
                all.append('\n')
                    .append(file.path())
                    .append('\n')
                    .append(file.mode())
                    .append('\n')
                    .append(file.contentBase64().reveal()));
    // Folders are made for sub-paths, so these belong to the content.
    TreeSet<String> folders = new TreeSet<>();
    VolumeFilling.mounts(spec, volume.name())
        .flatMap(mount -> VolumeParts.subPath(mount).stream())
        .forEach(folders::add);
    folders.forEach(folder -> all.append("\n/").append(folder));
    return Names.hash(all.toString());
  }

  /** Whether what is in a volume of the engine is to be left alone for ever. */
  static boolean isLasting(InspectVolumeResponse there) {
    String kind = of(there);
    return kind != null && kind.startsWith(LASTING);
  }

  /** Whether what is in a volume outlives its group. */
  static boolean isLasting(VolumeSpec volume) {
    return switch (volume) {
      case VolumeSpec.EmptyDir _, VolumeSpec.ConfigFiles _ -> false;
      // What a group wrote over a data cache is in volumes beside the one that it sees.
      case VolumeSpec.Nfs _, VolumeSpec.HostPath _, VolumeSpec.Disk _, VolumeSpec.DataCache _ ->
          true;
    };
  }

  /**
   * What the engine has.
   *
   * @return null if a predecessor of this version made it and did not say
   */
  static @Nullable String of(InspectVolumeResponse there) {
    Map<String, String> labels = there.getLabels();
    return labels == null ? null : labels.get(Names.VOLUME);
  }
}
