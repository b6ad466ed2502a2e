package io.podyard.runtime;

/**
 * Standard input of a container.
 *
 * @param stdin whether it stays open although nobody writes
 * @param stdinOnce whether it ends with the first who wrote
 * @param tty whether input and output are a terminal; needs {@code stdin} to be of use
 */
public record Terminal(boolean stdin, boolean stdinOnce, boolean tty) {
  public static final Terminal NONE = new Terminal(false, false, false);
}
