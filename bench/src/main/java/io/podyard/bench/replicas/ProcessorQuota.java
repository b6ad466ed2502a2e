package io.podyard.bench.replicas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A control group of Linux, of version 1 or 2, that gives a process a share of one processor and no
 * more.
 */
final class ProcessorQuota implements AutoCloseable {

  private static final int PERIOD_MICROS = 20_000;
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final Path VERSION_1 = ROOT.resolve("cpu");

  private final Path group;
  private final boolean unified;

  private ProcessorQuota(Path group, boolean unified) {
    this.group = group;
    this.unified = unified;
  }

  /**
   * A group for a process, without a limit so far.
   *
   * @throws UncheckedIOException where no control group can be made: this takes root
   */
  static ProcessorQuota of(long pid) {
    boolean unified = !Files.isDirectory(VERSION_1);
    Path group = (unified ? ROOT : VERSION_1).resolve("podyard-bench-" + pid);
    ProcessorQuota quota = new ProcessorQuota(group, unified);
    try {
      Files.createDirectory(group);
      if (!unified) {
        quota.write("cpu.cfs_period_us", Integer.toString(PERIOD_MICROS));
      }
      quota.write("cgroup.procs", Long.toString(pid));
      return quota;
    } catch (IOException e) {
      throw new UncheckedIOException("no control group at " + group, e);
    }
  }

  /**
   * Holds the process to a share of one processor.
   *
   * @param cores more than 0
   */
  void hold(double cores) {
    set(String.format(Locale.ROOT, "%.0f", cores * PERIOD_MICROS));
  }

  /** Lets it have all there is. */
  void free() {
    set(unified ? "max" : "-1");
  }

  private void set(String micros) {
    if (unified) {
      write("cpu.max", micros + " " + PERIOD_MICROS);
    } else {
      write("cpu.cfs_quota_us", micros);
    }
  }

  private void write(String file, String value) {
    try {
      Files.writeString(group.resolve(file), value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the group; the process has to have ended. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(group);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
