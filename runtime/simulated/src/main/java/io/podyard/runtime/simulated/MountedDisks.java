package io.podyard.runtime.simulated;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The disks of a container, as a command finds them when it begins. */
record MountedDisks(List<Mounted> mounts) {

  static final MountedDisks NONE = new MountedDisks(List.of());

  private static final long KIB_PER_GIB = 1 << 20;

  /** What a disk holds of texts, whatever its size: hosts are kept in memory. */
  private static final int MOST_CHARACTERS = 64 * 1024;

  MountedDisks {
    mounts = List.copyOf(mounts);
  }

  /**
   * A disk, or a part of it, where the container sees it.
   *
   * @param files what is on the disk: texts by their path from its root, without a slash before
   */
  record Mounted(Call.DiskMount mount, int sizeGib, Map<String, String> files) {

    Mounted {
      files = Map.copyOf(files);
    }

    /** Path on the disk of a file that the container sees here. */
    String onDisk(String file) {
      String below = below(mount.path(), file).orElseThrow();
      return mount.subPath().isEmpty() ? below : mount.subPath() + "/" + below;
    }

    Optional<String> read(String file) {
      return Optional.ofNullable(files.get(onDisk(file)));
    }

    /** Whether so many characters more can be kept. */
    boolean hasRoomFor(int characters) {
      return files.values().stream().mapToInt(String::length).sum() + characters <= MOST_CHARACTERS;
    }

    /** What {@code df -k} says of it. */
    List<String> freeSpace() {
      long used = files.values().stream().mapToLong(String::length).sum() / 1024;
      long all = sizeGib * KIB_PER_GIB;
      return List.of(
          "Filesystem           1K-blocks      Used Available Use% Mounted on",
          "%-20s %9d %9d %9d %3d%% %s"
              .formatted(
                  "/dev/" + mount.disk(), all, used, all - used, used * 100 / all, mount.path()));
    }
  }

  private static Optional<String> below(String folder, String file) {
    String start = folder.endsWith("/") ? folder : folder + "/";
    return file.startsWith(start) && file.length() > start.length() && !file.contains("/../")
        ? Optional.of(file.substring(start.length()))
        : Optional.empty();
  }

  /** Where a file is; empty if on none of the disks. */
  Optional<Mounted> of(String file) {
    return mounts.stream()
        .filter(mounted -> below(mounted.mount().path(), file).isPresent())
        .max(Comparator.comparingInt(mounted -> mounted.mount().path().length()));
  }

  /** The disk that is mounted at a path. */
  Optional<Mounted> at(String path) {
    return mounts.stream().filter(mounted -> mounted.mount().path().equals(path)).findFirst();
  }
}
