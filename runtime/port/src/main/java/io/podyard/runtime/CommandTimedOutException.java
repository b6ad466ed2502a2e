package io.podyard.runtime;

/** A command in a container did not end in the time it had. */
public final class CommandTimedOutException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean ended;

  /**
   * @param ended whether nothing of the command runs any more; if not, it may go on running
   */
  public CommandTimedOutException(String message, boolean ended) {
    super(message);
    this.ended = ended;
  }

  /** Whether nothing of the command runs any more; if not, it may go on running. */
  public boolean ended() {
    return ended;
  }
}
