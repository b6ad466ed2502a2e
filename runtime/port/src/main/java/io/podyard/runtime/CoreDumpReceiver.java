package io.podyard.runtime;

import java.io.IOException;
import java.io.OutputStream;

/** Who waits for the core dump of a group's container that crashes. */
public interface CoreDumpReceiver {

  /** Where a dump comes from, in one piece. */
  @FunctionalInterface
  interface Source {

    /**
     * Writes it.
     *
     * @param mostBytes of which it must have no more
     * @throws CoreDumpMissingException if there is none that could be had
     * @throws RuntimeUnavailableException if the host does not answer
     * @throws StaleFenceException if the right to drive the host is gone
     * @throws IOException if the stream does not take it
     */
    void writeTo(OutputStream out, long mostBytes)
        throws RuntimeUnavailableException,
            StaleFenceException,
            CoreDumpMissingException,
            IOException;
  }

  /**
   * Takes what a crash left, or notes why there is nothing to be had of it; either way nobody waits
   * any more.
   *
   * @throws RuntimeUnavailableException if the host does not answer: somebody still waits
   * @throws StaleFenceException if the right to drive the host is gone
   */
  void receive(String container, int exitCode, Source source)
      throws RuntimeUnavailableException, StaleFenceException;
}
