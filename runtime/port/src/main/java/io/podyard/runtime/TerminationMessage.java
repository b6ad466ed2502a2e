package io.podyard.runtime;

/**
 * Where a container says why it ended.
 *
 * @param path of the file, absolute
 * @param fallsBackToLogs whether the end of the log stands for an empty file if it ended badly
 */
public record TerminationMessage(String path, boolean fallsBackToLogs) {
  public static final String DEFAULT_PATH = "/dev/termination-log";
  public static final TerminationMessage DEFAULT = new TerminationMessage(DEFAULT_PATH, false);

  /** Bytes of a message that are kept, as Kubernetes does. */
  public static final int LONGEST_BYTES = 4096;
}
