package io.podyard.runtime.docker;

import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * What is put into the volumes of a group before it starts, as an archive for the root of the
 * container that holds them: the configuration files, empty folders that everybody may write, and
 * empty files for the messages of its containers.
 *
 * @param filled the engine's volumes that are left alone
 */
record VolumeFilling(GroupSpec group, VolumeParts parts, Set<String> filled) {

  private static final int OPEN = 0777;
  private static final int READABLE = 0755;

  void write(OutputStream out) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      int number = 0;
      for (List<VolumeParts.Part> volume : parts.parts().values()) {
        String folder = GroupVolumes.folder(number++).substring(1);
        if (volume.isEmpty()) {
          continue;
        }
        switch (volume.getFirst().volume()) {
          case VolumeSpec.EmptyDir _ -> emptyDir(tar, folder, volume);
          case VolumeSpec.ConfigFiles files -> {
            if (!filled.contains(volume.getFirst().name())) {
              configFiles(tar, folder, files);
            }
          }
          // Whatever is there is not the group's.
          case VolumeSpec.Nfs _,
              VolumeSpec.HostPath _,
              VolumeSpec.Disk _,
              VolumeSpec.DataCache _ -> {}
        }
      }
      if (!filled.contains(MessageFiles.PLACE)) {
        MessageFiles.write(
            tar,
            SandboxImage.MESSAGES.substring(1) + "/",
            Stream.concat(group.initContainers().stream(), group.containers().stream())
                .map(ContainerSpec::name)
                .toList());
      }
    }
  }

  private void emptyDir(TarArchiveOutputStream tar, String folder, List<VolumeParts.Part> parts)
      throws IOException {
    for (VolumeParts.Part part : parts) {
      if (filled.contains(part.name())) {
        continue;
      }
      folder(tar, part.subPath().isEmpty() ? folder : folder + "/" + part.subPath(), OPEN);
    }
  }

  private void configFiles(TarArchiveOutputStream tar, String folder, VolumeSpec.ConfigFiles volume)
      throws IOException {
    TreeSet<String> folders = new TreeSet<>(List.of(""));
    TreeSet<String> files = new TreeSet<>();
    for (VolumeSpec.ConfigFile file : volume.files()) {
      files.add(file.path());
      above(file.path(), folders);
    }
    // A sub-path that is no file is a folder, which is made if no file is in it.
    mounts(group, volume.name())
        .flatMap(mount -> VolumeParts.subPath(mount).stream())
        .filter(path -> !path.isEmpty() && !files.contains(path))
        .forEach(
            path -> {
              above(path, folders);
              folders.add(path);
            });
    for (String path : folders) {
      folder(tar, path.isEmpty() ? folder : folder + "/" + path, READABLE);
    }
    for (VolumeSpec.ConfigFile file : volume.files()) {
      byte[] content;
      try {
        content = Base64.getMimeDecoder().decode(file.contentBase64().reveal());
      } catch (IllegalArgumentException e) {
        throw new IOException("the content of file " + file.path() + " is not Base64", e);
      }
      TarArchiveEntry entry = new TarArchiveEntry(folder + "/" + file.path());
      entry.setMode(file.mode());
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
  }

  /** Where containers of a group see a volume. */
  static Stream<VolumeMount> mounts(GroupSpec group, String volume) {
    return Stream.concat(group.initContainers().stream(), group.containers().stream())
        .map(ContainerSpec::mounts)
        .flatMap(List::stream)
        .filter(mount -> mount.volume().equals(volume));
  }

  private static void above(String path, TreeSet<String> folders) {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      folders.add(path.substring(0, slash));
    }
  }

  private static void folder(TarArchiveOutputStream tar, String name, int mode) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name + "/");
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }
}
