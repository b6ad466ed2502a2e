package io.podyard.runtime;

import java.util.List;

/**
 * A command that is to be run in a container and talked with.
 *
 * @param command the program and its arguments, at least one word
 * @param input whether something can be written to its standard input; else that is empty
 * @param terminal whether it gets a terminal; then all that it says is one stream
 */
public record ExecOrder(List<String> command, boolean input, boolean terminal) {

  public ExecOrder {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a command has at least one word");
    }
  }
}
