package io.podyard.bench.memory;

import io.podyard.bench.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A look into another Java process by the JDK's own tools. */
final class JavaProcess {

  private static final double MIB = 1 << 20;

  private JavaProcess() {}

  /** What is alive in the heap after a full collection. */
  record Live(double mib, List<String> largest) {}

  /** Has it collect all garbage, and looks at what is left. */
  static Live live(long pid, int classes) {
    List<String> largest = new ArrayList<>();
    double total = Double.NaN;
    for (String line : jcmd(pid, "GC.class_histogram").lines().toList()) {
      String[] words = line.strip().split("\\s+");
      if (words.length < 3) {
        continue; // the first line names the process
      }
      if (words[0].equals("Total")) {
        total = Long.parseLong(words[2]) / MIB;
      } else if (words[0].endsWith(":") && largest.size() < classes) {
        largest.add(
            "%8.1f MiB  %9s  %s".formatted(Long.parseLong(words[2]) / MIB, words[1], words[3]));
      }
    }
    return new Live(total, largest);
  }

  /** The options that Java was given, without its class path. */
  static String options(long pid) {
    List<String> options = new ArrayList<>();
    for (String line : jcmd(pid, "VM.command_line").lines().toList()) {
      if (line.startsWith("jvm_args:")) {
        options.add(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return String.join(" ", options);
  }

  private static String jcmd(long pid, String command) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    return Command.output(List.of(jcmd.toString(), Long.toString(pid), command));
  }
}
