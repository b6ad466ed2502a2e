package io.podyard.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A volume that the containers of one group share; it lives and ends with the group. */
public sealed interface VolumeSpec {

  /** Unique in the group. */
  String name();

  /**
   * An empty folder.
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
}
