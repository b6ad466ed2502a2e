package io.podyard.runtime.docker.data.nfs;

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
}
