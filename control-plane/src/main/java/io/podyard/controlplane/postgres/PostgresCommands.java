package io.podyard.controlplane.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the programs that come with PostgreSQL. They refuse to run as root, so root runs them in a
 * user namespace without any mapping: there they see another user, while files made by them belong
 * to root as before.
 *
 * @param folder where {@code bin} is
 * @param asRoot whether this process is root
 */
record PostgresCommands(Path folder, boolean asRoot) {

  /** Nothing but a start, which has a limit of its own, takes this long. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final int WORDS_KEPT = 2_000;

  static PostgresCommands of(Path folder) {
    return new PostgresCommands(folder, new UnixSystem().getUid() == 0);
  }

  /**
   * Starts a program whose output goes to the end of a file.
   *
   * @param workingFolder where it runs
   * @param output created if need be
   */
  Process start(Path workingFolder, Path output, String program, List<String> arguments) {
    List<String> line = new ArrayList<>();
    if (asRoot) {
      line.addAll(List.of("unshare", "--user"));
    }
    line.add(folder.resolve("bin").resolve(program).toString());
    line.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(workingFolder.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    // PGDATA, PGPORT and the like would change what the server does.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LocalPostgresException("cannot run " + String.join(" ", line) + hint(), e);
    }
  }

  /**
   * Runs a program to its end and returns what it printed.
   *
   * @throws LocalPostgresException if it ends with anything but 0, or not within two minutes
   */
  String run(Path workingFolder, String program, List<String> arguments) {
    try {
      Path output = Files.createTempFile("podyard-" + program, ".log");
      try {
        Process process = start(workingFolder, output, program, arguments);
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new LocalPostgresException(
              program + " did not end within " + LIMIT.toSeconds() + " s: " + lastWords(output));
        }
        if (process.exitValue() != 0) {
          throw new LocalPostgresException(
              program
                  + " ended with exit code "
                  + process.exitValue()
                  + ": "
                  + lastWords(output)
                  + hint());
        }
        return Files.readString(output).strip();
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new LocalPostgresException("cannot run " + program + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalPostgresException("interrupted while " + program + " ran", e);
    }
  }

  /** The version as the server itself spells it, such as 18.6. */
  String version() {
    String line = run(folder, "postgres", List.of("--version"));
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  /** Sends a signal to a server of ours, in the name it has for pg_ctl: INT, QUIT, KILL. */
  void signal(String signal, long pid) {
    run(folder, "pg_ctl", List.of("kill", signal, Long.toString(pid)));
  }

  /** The end of a log, for error messages. */
  static String lastWords(Path output) throws IOException {
    if (!Files.exists(output)) {
      return "it said nothing";
    }
    String all = Files.readString(output).strip();
    return all.isEmpty()
        ? "it said nothing"
        : all.substring(Math.max(0, all.length() - WORDS_KEPT));
  }

  /** What root should know when something fails; empty for everyone else. */
  String hint() {
    return asRoot
        ? " (PostgreSQL refuses to run as root, so it was started through `unshare --user`; where"
            + " that is forbidden, as in most containers, run Podyard as another user or point"
            + " SPRING_DATASOURCE_URL at a PostgreSQL)"
        : "";
  }
}
