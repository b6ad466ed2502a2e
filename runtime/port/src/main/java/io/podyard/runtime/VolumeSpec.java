package io.podyard.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A volume that the containers of one group share (contract section 10). */
public sealed interface VolumeSpec {

  /** Unique in the group. */
  String name();

  /**
   * An empty folder. It lives and ends with the group.
   *
   * @param inMemory whether it is kept in RAM and counts as memory of the group
   * @param sizeLimitMib most it may hold, or null for no limit of its own
   */
  record EmptyDir(String name, boolean inMemory, @Nullable Integer sizeLimitMib)
      implements VolumeSpec {}

  /** Read-only files given with the group. */
  record ConfigFiles(String name, List<ConfigFile> files) implements VolumeSpec {
    public ConfigFiles {
      files = List.copyOf(files);
    }
  }

  /**
   * One file.
   *
   * @param path relative path inside the volume, without {@code ..}
   * @param contentBase64 the content, Base64
   * @param mode permission bits, 0 to 0777
   */
  record ConfigFile(String path, Secret contentBase64, int mode) {}

  /**
   * A folder of an NFS server, which the host mounts. What is in it outlives the group.
   *
   * @param server name or address, without a port
   * @param path absolute, without {@code ..}
   * @param flexOptions the options it was asked for with, as a FlexVolume; null of an NFSVolume
   */
  record Nfs(
      String name, String server, String path, boolean readOnly, @Nullable String flexOptions)
      implements VolumeSpec {

    public Nfs(String name, String server, String path, boolean readOnly) {
      this(name, server, path, readOnly, null);
    }
  }

  /**
   * A folder or file of the host, if the operator allows it ({@link HostPaths}). What is in it
   * outlives the group.
   *
   * @param path absolute, without {@code ..}; must be there
   */
  record HostPath(String name, String path, HostPathKind type) implements VolumeSpec {}

  /**
   * A disk that its host keeps, with ext4 on it; made with the first group that has it. It outlives
   * the group, and no two groups have it at once.
   *
   * @param id {@code d-...}
   * @param sizeGib it is made as large, or grown to it; never shrunk
   */
  record Disk(String name, String id, int sizeGib) implements VolumeSpec {}

  /**
   * What a host holds of a data cache ({@link DataCopies}). What the group writes is its own and
   * goes with it; each sub-path that is mounted is apart from the others then.
   *
   * @param cache its key, for messages
   * @param digest of its content
   * @param path the folder in it, relative and without {@code ..}; empty for all
   * @param readOnly whether the group cannot write
   * @param hostPath the path it was asked for with, as a HostPathVolume
   * @param diskMib most that the group may write over it: the size of the disk that it has for it;
   *     null of a group of an earlier release, for no limit
   */
  record DataCache(
      String name,
      String cache,
      String digest,
      String path,
      boolean readOnly,
      String hostPath,
      @Nullable Integer diskMib)
      implements VolumeSpec {

    /** Whether it is to be looked at how much the group writes over it. */
    public boolean takesDisk() {
      return !readOnly && diskMib != null;
    }
  }

  /** What a path of a host has to be. */
  enum HostPathKind {
    DIRECTORY,
    FILE
  }
}
