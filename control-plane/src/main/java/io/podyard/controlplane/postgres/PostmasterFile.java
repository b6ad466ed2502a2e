package io.podyard.controlplane.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a server wrote about itself in {@code postmaster.pid}. The file grows line by line during a
 * start and outlives a server that was killed.
 *
 * @param pid of the server that wrote it
 * @param port it listens on, or 0 if that line is not there yet
 * @param status such as "starting", "ready" or "stopping"; empty if that line is not there yet
 */
record PostmasterFile(long pid, int port, String status) {

  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  static Path in(Path data) {
    return data.resolve("postmaster.pid");
  }

  static Optional<PostmasterFile> read(Path data) {
    try {
      return parse(Files.readAllLines(in(data)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new LocalPostgresException("cannot read " + in(data) + ": " + e, e);
    }
  }

  static Optional<PostmasterFile> parse(List<String> lines) {
    Optional<Long> pid = number(lines, PID_LINE);
    return pid.map(
        known ->
            new PostmasterFile(
                known,
                number(lines, PORT_LINE).map(Long::intValue).orElse(0),
                lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : ""));
  }

  private static Optional<Long> number(List<String> lines, int line) {
    if (lines.size() <= line || !lines.get(line).strip().matches("[1-9][0-9]{0,8}")) {
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(lines.get(line).strip()));
  }

  boolean isReady() {
    return status.equals("ready");
  }

  boolean isStopping() {
    return status.equals("stopping");
  }
}
