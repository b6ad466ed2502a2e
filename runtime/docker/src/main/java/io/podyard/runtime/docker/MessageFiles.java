package io.podyard.runtime.docker;

import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The files in which containers say why they ended: one for each container of a group, in a volume
 * that the sandbox holds, so that they outlast the containers on an engine near or far.
 */
final class MessageFiles {

  /** Stands for the volume where volumes are named. */
  static final String PLACE = "messages";

  private static final int EVERYBODY_WRITES = 0666;

  private MessageFiles() {}

  /** No name leads out of the folder. */
  static String file(String container) {
    String encoded = URLEncoder.encode(container, StandardCharsets.UTF_8);
    return encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded;
  }

  /** Puts an empty file for each container into what holds the messages of their group. */
  static void put(
      SharedContainers shared, String keeper, Collection<String> containers, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String folder = URLEncoder.encode(SandboxImage.MESSAGES, StandardCharsets.UTF_8);
    shared.put(
        keeper,
        folder,
        out -> {
          try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            write(tar, "", containers);
          }
        },
        fence);
  }

  /**
   * Writes an empty file for each container, in place of what is there.
   *
   * @param folder empty, or ends with a slash
   */
  static void write(TarArchiveOutputStream tar, String folder, Collection<String> containers)
      throws IOException {
    for (String container : containers) {
      TarArchiveEntry entry = new TarArchiveEntry(folder + file(container));
      entry.setMode(EVERYBODY_WRITES);
      entry.setSize(0);
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }
  }
}
