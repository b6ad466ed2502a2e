package io.podyard.runtime;

import java.time.Instant;

/**
 * The log of one run of a container, from some point until its end. Nothing is piled up on the way:
 * what the reader does not take stays where it is.
 */
public interface LogStream extends AutoCloseable {

  /** Lines longer than this come in parts. */
  int LONGEST_LINE = 64 * 1024;

  /** Takes lines. */
  @FunctionalInterface
  interface Lines {

    /**
     * One line, as soon as it is written.
     *
     * @param text without its end of line
     * @return false if no more are wanted
     */
    boolean line(Instant time, byte[] text);
  }

  /** Which attempt of the container wrote it. */
  int attempt();

  /**
   * Hands on the lines until the run is over and all are read, or no more are wanted, or the stream
   * is closed.
   *
   * @throws RuntimeUnavailableException if the host cannot be reached any more; the run may go on
   */
  void forEach(Lines lines) throws RuntimeUnavailableException;

  /** Ends it and wakes whoever waits for lines. */
  @Override
  void close();
}
