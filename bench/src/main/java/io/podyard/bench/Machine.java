package io.podyard.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** The machine a figure was taken on: without it a figure says little. */
public final class Machine {

  /** With more work than this for each core before a run, others are at it too. */
  private static final double IDLE_LOAD_PER_CORE = 0.25;

  private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getOperatingSystemMXBean();

  private Machine() {}

  public static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** One line of facts; and a second one if the machine is not idle. */
  public static void describe(PrintStream out) {
    long bytes =
        SYSTEM instanceof com.sun.management.OperatingSystemMXBean more
            ? more.getTotalMemorySize()
            : 0;
    double load = SYSTEM.getSystemLoadAverage();
    out.printf(
        Locale.ROOT,
        "machine: %d cores (%s), %.0f GiB, %s %s, JDK %s, load %.2f%n",
        cores(),
        processor(),
        bytes / (double) (1L << 30),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.version(),
        load);
    if (load > cores() * IDLE_LOAD_PER_CORE) {
      out.println("         NOT IDLE: others work on this machine; mind the ratios alone");
    }
  }

  /** What one minute's load is by now. */
  public static void describeLoad(PrintStream out) {
    out.printf(Locale.ROOT, "load at the end: %.2f%n", SYSTEM.getSystemLoadAverage());
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
