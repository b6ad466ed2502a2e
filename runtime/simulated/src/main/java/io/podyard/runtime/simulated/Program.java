package io.podyard.runtime.simulated;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a command line does, worked out beforehand: what it writes when, and when it ends how.
 *
 * @param duration until it ends by itself, null if it runs until it is stopped
 * @param known whether nothing in it had to be guessed
 * @param writes what goes to files instead of its log
 */
record Program(
    List<Line> lines,
    @Nullable Duration duration,
    int exitCode,
    boolean oomKilled,
    boolean known,
    List<Write> writes) {

  Program {
    lines = List.copyOf(lines);
    writes = List.copyOf(writes);
  }

  /** One that writes no file. */
  Program(
      List<Line> lines,
      @Nullable Duration duration,
      int exitCode,
      boolean oomKilled,
      boolean known) {
    this(lines, duration, exitCode, oomKilled, known, List.of());
  }

  /** Whether a command like this, run by itself, is not through in time; a guess always is. */
  boolean takesLongerThan(Duration time) {
    return duration == null ? known : duration.compareTo(time) > 0;
  }

  /** All that it says. */
  String output() {
    return lines.stream().map(line -> line.text() + "\n").collect(Collectors.joining());
  }

  /** Text that goes to a file, that long after its start. */
  record Write(Duration at, String file, String text, boolean appends) {}

  /** What is in a file when it has run for so long. */
  String file(String path, Duration ran) {
    String content = "";
    for (Write write : writes) {
      if (write.file().equals(path) && write.at().compareTo(ran) <= 0) {
        content = write.appends() ? content + write.text() : write.text();
      }
    }
    return content;
  }

  /** A line of its log, that long after its start. */
  record Line(Duration at, String text) {}

  private static final int NOT_FOUND = 127;
  private static final String VISIBLE_DEVICES = "NVIDIA_VISIBLE_DEVICES";

  /** Ends after a while with an exit code, having said so. */
  static Program ending(Duration after, int exitCode, boolean oomKilled, String line) {
    return new Program(List.of(new Line(Duration.ZERO, line)), after, exitCode, oomKilled, true);
  }

  /**
   * @param image logged when there is no command at all
   */
  static Program of(String image, List<String> command) {
    return of(image, command, MountedDisks.NONE, null);
  }

  /**
   * @param image logged when there is no command at all
   * @param disks what it finds
   * @param gpus those that it sees, null if nothing is known of that
   */
  static Program of(
      String image, List<String> command, MountedDisks disks, @Nullable List<Integer> gpus) {
    if (command.isEmpty()) {
      return new Program(List.of(new Line(Duration.ZERO, image)), null, 0, false, false);
    }
    boolean shell =
        command.size() >= 3
            && List.of("sh", "/bin/sh", "bash", "/bin/bash").contains(command.get(0))
            && command.get(1).equals("-c");
    if (!shell) {
      return new Run(disks, gpus).simple(command).end();
    }
    Optional<List<ShellWords.Step>> steps = ShellWords.steps(command.get(2));
    if (steps.isEmpty()) {
      // More shell than is simulated: treated like any other program.
      return new Run(disks, gpus).until(String.join(" ", command)).end();
    }
    Run run = new Run(disks, gpus);
    for (ShellWords.Step step : steps.get()) {
      if (!run.over && step.due(run.status)) {
        run.step(step);
      }
    }
    return run.end();
  }

  /** A run through the commands of a line. */
  private static final class Run {

    private final List<Line> lines = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();
    private Duration at = Duration.ZERO;
    private int status;
    private boolean over;
    private boolean untilStopped;
    private boolean known = true;
    private final MountedDisks disks;
    private final @Nullable List<Integer> gpus;

    Run(MountedDisks disks, @Nullable List<Integer> gpus) {
      this.disks = disks;
      this.gpus = gpus;
    }

    void step(ShellWords.Step step) {
      String file = step.file();
      if (file == null || file.equals(ShellWords.ERRORS)) {
        simple(step.words());
      } else if (disks.of(file).filter(on -> on.mount().readOnly()).isPresent()) {
        lines.add(new Line(at, "sh: can't create " + file + ": Read-only file system"));
        status = 1;
      } else {
        List<String> rest = step.words().subList(1, step.words().size());
        Write write = new Write(at, file, String.join(" ", rest) + "\n", step.appends());
        if (disks.of(file).filter(on -> !on.hasRoomFor(write.text().length())).isPresent()) {
          lines.add(new Line(at, "sh: write error: No space left on device"));
          status = 1;
        } else {
          writes.add(write);
          status = 0;
        }
      }
    }

    Run simple(List<String> words) {
      List<String> rest = words.subList(1, words.size());
      switch (words.getFirst()) {
        case "true", "/bin/true", ":" -> status = 0;
        case "false", "/bin/false" -> status = 1;
        case "echo", "/bin/echo" -> {
          String.join(" ", rest).lines().forEach(text -> lines.add(new Line(at, text)));
          if (rest.isEmpty()) {
            lines.add(new Line(at, ""));
          }
          status = 0;
        }
        case "exit" -> {
          over = true;
          status = rest.isEmpty() ? status : exitCode(rest.getFirst());
        }
        case "sleep", "/bin/sleep" -> sleep(words);
        case "exec" -> {
          if (!rest.isEmpty()) {
            simple(rest);
            over = true;
          }
        }
        case "cat", "/bin/cat" -> cat(words, rest);
        case "df", "/bin/df" -> df(words, rest);
        case "printenv", "/bin/printenv" -> visibleDevices(words, rest);
        default -> until(String.join(" ", words));
      }
      return this;
    }

    /** Of all variables only that one is known, as a GPU's runtime sets it. */
    private void visibleDevices(List<String> words, List<String> names) {
      if (gpus == null || !names.equals(List.of(VISIBLE_DEVICES))) {
        until(String.join(" ", words));
        return;
      }
      String devices = gpus.stream().map(String::valueOf).collect(Collectors.joining(","));
      lines.add(new Line(at, devices.isEmpty() ? "void" : devices));
      status = 0;
    }

    /** Of files on disks alone; of others nothing is known. */
    private void cat(List<String> words, List<String> files) {
      if (files.isEmpty() || !files.stream().allMatch(file -> disks.of(file).isPresent())) {
        until(String.join(" ", words));
        return;
      }
      status = 0;
      for (String file : files) {
        Optional<String> text = read(file);
        text.ifPresentOrElse(
            found -> found.lines().forEach(line -> lines.add(new Line(at, line))),
            () -> {
              String why = "cat: can't open '" + file + "': No such file or directory";
              lines.add(new Line(at, why));
              status = 1;
            });
      }
    }

    /** What was there, and what was written since. */
    private Optional<String> read(String file) {
      Optional<String> text = disks.of(file).flatMap(on -> on.read(file));
      for (Write write : writes) {
        if (write.file().equals(file)) {
          text = Optional.of(write.appends() ? text.orElse("") + write.text() : write.text());
        }
      }
      return text;
    }

    private void df(List<String> words, List<String> rest) {
      Optional<MountedDisks.Mounted> disk =
          rest.size() == 2 && rest.getFirst().equals("-k")
              ? disks.at(rest.getLast())
              : Optional.empty();
      if (disk.isEmpty()) {
        until(String.join(" ", words));
        return;
      }
      disk.get().freeSpace().forEach(line -> lines.add(new Line(at, line)));
      status = 0;
    }

    private void sleep(List<String> words) {
      if (words.size() == 2 && words.get(1).equals("infinity")) {
        over = true;
        untilStopped = true;
        return;
      }
      Optional<Duration> time =
          words.size() == 2 ? ShellWords.duration(words.get(1)) : Optional.empty();
      if (time.isEmpty()) {
        lines.add(new Line(at, "sleep: invalid time interval"));
        status = 1;
      } else {
        at = at.plus(time.get());
        status = 0;
      }
    }

    private static int exitCode(String word) {
      try {
        return new BigDecimal(word).intValueExact() & 0xff;
      } catch (NumberFormatException | ArithmeticException e) {
        return NOT_FOUND;
      }
    }

    /** A program nothing is known of: it says its command line and runs until it is stopped. */
    Run until(String line) {
      line.lines().forEach(text -> lines.add(new Line(at, text)));
      known = false;
      over = true;
      untilStopped = true;
      return this;
    }

    Program end() {
      return new Program(lines, untilStopped ? null : at, status, false, known, writes);
    }
  }
}
