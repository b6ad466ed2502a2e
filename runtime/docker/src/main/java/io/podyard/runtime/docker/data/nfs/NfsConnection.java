package io.podyard.runtime.docker.data.nfs;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * A server's export, read only, on one thread. An {@link IOException} other than {@link
 * NfsBusyException} ends it; what was found by it is still good in another.
 */
public sealed interface NfsConnection extends AutoCloseable permits Nfs3, Nfs4 {

  /** Of one file at once. */
  int LARGEST_READ = 1 << 18;

  /** Longer than any server has them; which can be kept is told later. */
  int LONGEST_NAME = 1024;

  /**
   * Where a server is and how long it may take.
   *
   * @param connect for a connection
   * @param stall longest time without a byte of an answer
   * @param endNanos when all of it has to be over, by {@code System.nanoTime()}
   */
  record Server(InetAddress address, Duration connect, Duration stall, long endNanos) {}

  /**
   * The folder at a path of the server.
   *
   * @throws NfsRefusal if it is not there or not to be read
   */
  NfsEntry folder(String path) throws IOException, NfsRefusal;

  /**
   * What is in a folder, without itself and the one above it. A server that lists more and more is
   * not asked any further.
   *
   * @param most if there is more in it, that is told of in part, but more than so much
   */
  List<NfsEntry> list(NfsEntry folder, int most) throws IOException, NfsRefusal;

  /**
   * Reads a part of a file.
   *
   * @param offset before its end
   * @return at least one byte
   * @throws NfsRefusal if the file is not what it was when it was listed
   */
  byte[] read(NfsEntry file, long offset) throws IOException, NfsRefusal;

  /** Where a link leads. */
  String target(NfsEntry link) throws IOException, NfsRefusal;

  @Override
  void close() throws IOException;
}
