package io.podyard.runtime.simulated;

import io.podyard.runtime.ExecSession.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What commands do that are talked with: those that {@link Program} knows, {@code cat}, {@code
 * yes}, {@code stty size}, and a shell that reads such commands line by line. Whatever else they
 * are asked they answer with the command line itself.
 */
final class TalkingShell {

  private static final Duration A_YEAR = Duration.ofDays(365);
  private static final List<String> SHELLS = List.of("sh", "/bin/sh", "bash", "/bin/bash");
  private static final List<String> INTERACTIVE = List.of("-i", "-l", "-il");

  /** Lines that {@code yes} says at once. */
  private static final int YES_AT_ONCE = 512;

  /** A shell in a shell in a shell: deeper ones are only echoed. */
  private static final int DEEPEST = 8;

  private final SimulatedCommand command;
  private int status;
  private boolean over;
  private int depth;

  TalkingShell(SimulatedCommand command) {
    this.command = command;
  }

  /** Runs a command to its end; its exit code. */
  int run(List<String> words) {
    simple(words, Source.OUTPUT);
    return status;
  }

  private void simple(List<String> words, Source to) {
    List<String> rest = words.subList(1, words.size());
    String first = words.getFirst();
    if (SHELLS.contains(first) && depth < DEEPEST) {
      shell(words, rest);
      return;
    }
    switch (first) {
      case "cat", "/bin/cat" -> {
        if (rest.isEmpty()) {
          copy(to);
        } else {
          echo(String.join(" ", words), to);
        }
      }
      case "yes", "/bin/yes" -> yes(rest.isEmpty() ? "y" : String.join(" ", rest), to);
      case "stty" -> {
        if (rest.equals(List.of("size")) && command.hasTerminal()) {
          echo(command.rows() + " " + command.columns(), to);
        } else {
          echo("stty: not a terminal", Source.ERROR);
          status = 1;
        }
      }
      case "exec" -> {
        if (!rest.isEmpty()) {
          simple(rest, to);
          over = true;
        }
      }
      case "exit" -> {
        over = true;
        status = rest.isEmpty() ? status : Program.of("", words).exitCode();
      }
      default -> known(words, to);
    }
  }

  /** Programs whose course is known beforehand. */
  private void known(List<String> words, Source to) {
    Program program = Program.of("", words);
    for (Program.Line line : program.lines()) {
      echo(line.text(), to);
    }
    status = program.exitCode();
    if (program.known() && program.duration() == null) {
      stay();
    } else if (program.known() && program.duration() != null && !program.duration().isZero()) {
      int interrupted = command.pause(program.duration());
      status = interrupted == 0 ? status : interrupted;
    }
  }

  /** {@code sleep infinity}: until it is interrupted or killed. */
  private void stay() {
    status = command.pause(A_YEAR);
  }

  private void echo(String line, Source to) {
    if (!command.say(to, line + "\n")) {
      over = true;
    }
  }

  private void copy(Source to) {
    byte[] some = command.listen();
    status = 0;
    while (some.length > 0) {
      if (command.wasInterrupted()) {
        status = SimulatedCommand.INTERRUPTED;
        return;
      }
      if (!command.say(to, some)) {
        over = true;
        return;
      }
      some = command.listen();
    }
  }

  private void yes(String word, Source to) {
    String many = (word + "\n").repeat(YES_AT_ONCE);
    while (command.say(to, many)) {
      if (command.wasInterrupted()) {
        status = SimulatedCommand.INTERRUPTED;
        return;
      }
    }
    over = true;
  }

  private void shell(List<String> words, List<String> rest) {
    boolean script = rest.size() >= 2 && rest.getFirst().equals("-c");
    if (!script && !rest.isEmpty() && !INTERACTIVE.contains(String.join(" ", rest))) {
      echo(String.join(" ", words), Source.OUTPUT);
      status = 0;
      return;
    }
    depth++;
    if (script) {
      script(rest.get(1), String.join(" ", words));
    } else {
      lines();
    }
    depth--;
    over = false;
  }

  private void lines() {
    while (!over) {
      if (command.hasTerminal() && !command.say(Source.OUTPUT, "$ ")) {
        return;
      }
      Optional<String> line = command.line();
      boolean _ = command.wasInterrupted();
      if (line.isEmpty()) {
        return;
      }
      if (!line.get().isBlank()) {
        script(line.get(), line.get());
      }
    }
  }

  /**
   * @param otherwise what is said of a script that is more than is simulated
   */
  private void script(String text, String otherwise) {
    Optional<List<ShellWords.Step>> steps = ShellWords.steps(text);
    if (steps.isEmpty()) {
      echo(otherwise, Source.OUTPUT);
      status = 0;
      return;
    }
    for (ShellWords.Step step : steps.get()) {
      if (!over && step.due(status)) {
        step(step);
      }
    }
  }

  private void step(ShellWords.Step step) {
    String file = step.file();
    if (file == null) {
      simple(step.words(), Source.OUTPUT);
    } else if (file.equals(ShellWords.ERRORS)) {
      simple(step.words(), Source.ERROR);
    } else {
      status = 0; // there are no files to be seen afterwards
    }
  }
}
