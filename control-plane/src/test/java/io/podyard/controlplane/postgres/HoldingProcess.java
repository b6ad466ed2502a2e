package io.podyard.controlplane.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;

/**
 * A process of its own that opens the database of a folder, writes a row, commits it, and then
 * holds the folder until it is killed or its standard input ends.
 */
final class HoldingProcess implements AutoCloseable {

  private final Process process;
  private final long serverPid;

  private HoldingProcess(Process process, long serverPid) {
    this.process = process;
    this.serverPid = serverPid;
  }

  /** What the child runs. */
  public static void main(String[] arguments) throws Exception {
    try (LocalPostgres postgres = LocalPostgres.open(Path.of(arguments[0]))) {
      try (Connection connection = postgres.access().connect();
          Statement statement = connection.createStatement()) {
        statement.execute("create table if not exists note (words text not null)");
        statement.execute("insert into note values ('" + arguments[1] + "')");
      }
      System.out.println("holding " + postgres.pid());
      while (System.in.read() >= 0) {
        // Only the end of the input matters.
      }
    }
  }

  /** Starts the child and waits until it holds the folder. */
  static HoldingProcess start(Path folder, String words) throws IOException {
    // Surefire may hand the class path over inside a jar; this property has it in full.
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    classPath,
                    HoldingProcess.class.getName(),
                    folder.toString(),
                    words))
            .redirectErrorStream(true)
            .start();
    StringBuilder said = new StringBuilder();
    // Not closed: the child would notice when it writes its log.
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("holding ")) {
        return new HoldingProcess(process, Long.parseLong(line.substring("holding ".length())));
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("the child ended without holding the folder:\n" + said);
  }

  long pid() {
    return process.pid();
  }

  long serverPid() {
    return serverPid;
  }

  /** Kills the child the hard way (kill -9) and waits for its end. */
  void kill() throws InterruptedException {
    assertThat(process.destroyForcibly().waitFor()).isEqualTo(137);
  }

  /** Lets the child stop its server and end, if it was not killed. */
  @Override
  public void close() throws Exception {
    process.getOutputStream().close();
    process.waitFor();
  }
}
