package io.podyard.runtime.docker.data.nfs;

import java.io.IOException;

/**
 * Something that a server exports.
 *
 * @param name in its folder
 * @param handle by which the server knows it
 * @param size bytes of a file
 * @param change another number after each change of it
 */
public record NfsEntry(
    String name, byte[] handle, Kind kind, long size, long change, boolean executable) {

  /** What it is. */
  public enum Kind {
    FILE,
    FOLDER,
    LINK,
    /** A device, a socket, a pipe. */
    OTHER
  }

  private static final int FILE = 1;
  private static final int FOLDER = 2;
  private static final int LINK = 5;
  private static final int ANYBODY_EXECUTES = 0111;

  /**
   * As servers of all versions tell it.
   *
   * @throws IOException if it cannot be so
   */
  static NfsEntry of(String name, byte[] handle, int type, int mode, long size, long change)
      throws IOException {
    if (size < 0) {
      throw new IOException("the NFS server tells of a file of " + size + " bytes");
    }
    Kind kind =
        switch (type) {
          case FILE -> Kind.FILE;
          case FOLDER -> Kind.FOLDER;
          case LINK -> Kind.LINK;
          default -> Kind.OTHER;
        };
    return new NfsEntry(name, handle, kind, size, change, (mode & ANYBODY_EXECUTES) != 0);
  }
}
