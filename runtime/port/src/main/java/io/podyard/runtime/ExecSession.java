package io.podyard.runtime;

import java.util.Optional;

/**
 * A command in a container while somebody talks with it (contract section 15). One thread reads,
 * one writes, any may resize or close. Nothing is piled up on the way: who does not read holds up
 * the command alone, and who writes waits until the command takes it.
 */
public interface ExecSession extends AutoCloseable {

  /** Most bytes that one {@link #read} gives. */
  int MOST_BYTES = 16 * 1024;

  /** Where something that the command said came from. */
  enum Source {
    /** Its standard output, or its terminal. */
    OUTPUT,
    /** Its standard error; never of a command with a terminal. */
    ERROR
  }

  /** A part of what the command said, 1 to {@link #MOST_BYTES} bytes. */
  record Chunk(Source source, byte[] bytes) {}

  /**
   * What the command says next; waits for it as long as it takes.
   *
   * @return empty once all is read that will ever come, or the session is closed
   * @throws RuntimeUnavailableException if the host cannot be reached any more; the command may run
   */
  Optional<Chunk> read() throws RuntimeUnavailableException;

  /**
   * Gives the command input and waits until it is taken. What a command without an input, or one
   * that has ended, is given is dropped.
   */
  void write(byte[] bytes);

  /** Ends the command's standard input; a terminal has no such end, so there it does nothing. */
  void endInput();

  /**
   * Tells the size of the terminal; nothing happens where there is none.
   *
   * @param columns 1 to 65535
   * @param rows 1 to 65535
   */
  void resize(int columns, int rows) throws RuntimeUnavailableException;

  /**
   * How the command ended, once {@link #read} came to the end; the shells' codes if it could not be
   * run.
   *
   * @throws NoSuchContainerException if the container ended, and the command with it
   * @throws RuntimeUnavailableException if the host does not tell
   */
  int exitCode() throws RuntimeUnavailableException, NoSuchContainerException;

  /**
   * Ends the session and wakes whoever reads or writes. A command that is not known to have ended
   * is ended, with all that it started in its session; that goes on after this returns.
   */
  @Override
  void close();
}
