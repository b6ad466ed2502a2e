package io.podyard.controlplane.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is kept of what registries sent.
 *
 * @param folder servers that share it have each layer sent once; null for one in the data folder
 * @param bytes of layers that no group uses and no image cache holds
 */
public record ContentSettings(@Nullable String folder, @DefaultValue("20GB") DataSize bytes) {

  /**
   * @throws IllegalArgumentException if the limit is negative
   */
  public ContentSettings {
    folder = folder == null || folder.isBlank() ? null : folder.strip();
    if (bytes.isNegative()) {
      throw new IllegalArgumentException("PODYARD_CONTENT_BYTES must be 0 or more, not " + bytes);
    }
  }

  /**
   * Where it is kept.
   *
   * @throws IllegalArgumentException if that is no absolute path
   */
  public Path folder(Path dataFolder) {
    if (folder == null) {
      return dataFolder.resolve("content").toAbsolutePath();
    }
    Path path = Path.of(folder);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(
          "PODYARD_CONTENT_FOLDER must be an absolute path such as /srv/content, not " + folder);
    }
    return path;
  }
}
