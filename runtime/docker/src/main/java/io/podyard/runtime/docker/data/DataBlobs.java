package io.podyard.runtime.docker.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Where archives are kept, each under the digest of its bytes, for the hosts that are to have them.
 */
public interface DataBlobs {

  /** Writes the bytes of one blob. */
  @FunctionalInterface
  interface Writer<E extends Exception> {
    void to(OutputStream out) throws IOException, InterruptedException, E;
  }

  /**
   * Keeps what is written, durably. If the writer fails nothing is kept.
   *
   * @return the digest, {@code sha256:...}
   */
  <E extends Exception> String put(Writer<E> writer) throws IOException, InterruptedException, E;

  /** Whether a blob is there; it stays for a while then. */
  boolean has(String digest) throws IOException;

  /** Says that a host has it: as others, it may go where room is needed. */
  void letGo(String digest);

  /**
   * Opens a blob. Its last byte is followed by an {@link IOException} if the digest is another.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  InputStream open(String digest) throws IOException;
}
