package io.podyard.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What a process and its children take of the machine. */
public final class ProcessUse {

  /** Linux shows its times in this unit whatever the kernel itself counts in. */
  private static final long TICKS_PER_SECOND = 100;

  /** Where its times are in the line behind a process's name; the system's is the next. */
  private static final int USER = 11;

  private static final int CHILD_USER = 13;

  private ProcessUse() {}

  /** Resident memory of one process, in MiB. */
  public static double residentMib(long pid) {
    String kib = Command.output(List.of("ps", "-o", "rss=", "-p", Long.toString(pid)));
    return Long.parseLong(kib.strip()) / 1024.0;
  }

  /**
   * The most that was resident of one process so far, in MiB; elsewhere than on Linux the present.
   */
  public static double peakMib(long pid) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.isReadable(status)) {
      return residentMib(pid);
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .findFirst()
          .map(kib -> Long.parseLong(kib) / 1024.0)
          .orElse(Double.NaN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processor time of one process. */
  public static Duration alone(long pid) {
    return ProcessHandle.of(pid).map(ProcessUse::processorTime).orElse(Duration.ZERO);
  }

  /**
   * Processor time of a process and its children; on Linux also of those children that have ended,
   * elsewhere of those alone that still run.
   */
  public static Duration withChildren(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .map(ProcessUse::processorTime)
        .reduce(ended(pid), Duration::plus);
  }

  private static Duration processorTime(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Of children that have ended and been waited for. */
  private static Duration ended(long pid) {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    if (!Files.isReadable(stat)) {
      return Duration.ZERO;
    }
    try {
      return time(Files.readString(stat), CHILD_USER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Processor time of the compilers of a Java process, as far as their threads still run; nothing
   * elsewhere than on Linux.
   */
  public static Duration compilers(long pid) {
    Path threads = Path.of("/proc", Long.toString(pid), "task");
    if (!Files.isReadable(threads)) {
      return Duration.ZERO;
    }
    try (Stream<Path> all = Files.list(threads)) {
      return all.map(ProcessUse::stat)
          .filter(line -> line.contains("(C1 Compiler") || line.contains("(C2 Compiler"))
          .map(line -> time(line, USER))
          .reduce(Duration.ZERO, Duration::plus);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty if the thread has ended meanwhile. */
  private static String stat(Path thread) {
    try {
      return Files.readString(thread.resolve("stat"));
    } catch (IOException e) {
      return "";
    }
  }

  /** The time in a line of {@code stat}, user's and system's. */
  private static Duration time(String line, int user) {
    // Behind the name, which is in brackets and may hold blanks.
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(fields[user]) + Long.parseLong(fields[user + 1]);
    return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
  }
}
