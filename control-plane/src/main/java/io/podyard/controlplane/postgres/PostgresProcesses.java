package io.podyard.controlplane.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The PostgreSQL processes that work on a data folder, found by what the system says of them: a
 * server and all its children have that folder as their working folder. A pid in a file proves
 * nothing, for the number may have gone to another process since.
 */
final class PostgresProcesses {

  private static final Path PROC = Path.of("/proc");

  private PostgresProcesses() {}

  /** Their pids; those that have ended but were not waited for are not among them. */
  static Set<Long> workingIn(Path data) {
    try {
      return hasProc() ? fromProc(data) : fromLsof(data);
    } catch (IOException | DirectoryIteratorException e) {
      throw new LocalPostgresException("cannot list the processes that use " + data, e);
    }
  }

  /** Whether this pid is one of them. */
  static boolean isWorkingIn(long pid, Path data) {
    return hasProc()
        ? isWorkingIn(PROC.resolve(Long.toString(pid)), data)
        : workingIn(data).contains(pid);
  }

  /**
   * Whether a process that was one of them still is. This is asked many times a second, so where
   * the full answer takes another program the pid alone has to do: it was right a moment ago.
   */
  static boolean isStillWorkingIn(long pid, Path data) {
    return hasProc()
        ? isWorkingIn(PROC.resolve(Long.toString(pid)), data)
        : ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  private static boolean hasProc() {
    return Files.exists(PROC.resolve("self/cwd"));
  }

  private static Set<Long> fromProc(Path data) throws IOException {
    Set<Long> pids = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (isWorkingIn(process, data)) {
          pids.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return pids;
  }

  private static boolean isWorkingIn(Path process, Path data) {
    try {
      return Files.readString(process.resolve("comm")).strip().equals("postgres")
          && Files.isSameFile(process.resolve("cwd"), data);
    } catch (IOException e) {
      // It has ended, or belongs to a user whose processes we may not look at: not ours.
      return false;
    }
  }

  /** For systems without /proc, such as macOS. */
  private static Set<Long> fromLsof(Path data) throws IOException {
    Process lsof =
        new ProcessBuilder("lsof", "-w", "-a", "-d", "cwd", "-c", "postgres", "-F", "pn")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output;
    try (InputStream out = lsof.getInputStream()) {
      output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    Set<Long> pids = new HashSet<>();
    for (Map.Entry<Long, Path> process : workingFolders(output).entrySet()) {
      if (Files.exists(process.getValue()) && Files.isSameFile(process.getValue(), data)) {
        pids.add(process.getKey());
      }
    }
    return pids;
  }

  /** Reads the output of {@code lsof -F pn}: a line p with the pid, then a line n with the name. */
  static Map<Long, Path> workingFolders(String output) {
    Map<Long, Path> folders = new TreeMap<>();
    long pid = 0;
    for (String line : output.lines().toList()) {
      if (line.startsWith("p")) {
        pid = Long.parseLong(line.substring(1));
      } else if (line.startsWith("n/") && pid != 0) {
        folders.put(pid, Path.of(line.substring(1)));
      }
    }
    return folders;
  }
}
