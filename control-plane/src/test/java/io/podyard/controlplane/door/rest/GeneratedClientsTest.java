package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.podyard.controlplane.testing.TestServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Clients that a user generates: exactly the commands of {@code docs/clients.md} are run, up to the
 * main job with what they make. The generator and the client's libraries are put into the folder by
 * the build and run in processes of their own.
 */
class GeneratedClientsTest {

  private static final Path PROGRAMS = Path.of("src", "test", "clients");
  private static final Path FOLDER = Path.of("target", "clients");
  private static final long MOST_SECONDS = 240;

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();

  @Test
  void aJavaClientDoesTheMainJob() throws Exception {
    mainJob("Java", PROGRAMS.resolve("java/MainJob.java"), "java-client", "java-classes");
  }

  @Test
  void aTypeScriptClientDoesTheMainJob() throws Exception {
    OutsideProgram.orSkip("node");
    OutsideProgram.orSkip("tsc");
    mainJob("TypeScript", PROGRAMS.resolve("typescript/main-job.ts"), "typescript-client", "built");
  }

  private void mainJob(String language, Path program, String... made) throws Exception {
    OutsideProgram.orSkip("curl");
    for (String folder : made) {
      delete(FOLDER.resolve(folder));
    }
    Files.writeString(FOLDER.resolve(program.getFileName()), Files.readString(program));

    List<String> lines = run(new ClientGuide(language).commands());

    assertNamesAreGiven(FOLDER.resolve(made[0]));
    assertThat(
            lines.stream()
                .dropWhile(line -> !line.startsWith("refused "))
                .map(line -> line.replaceFirst(" eci-\\w+.*", "")))
        .containsExactly(
            "refused InvalidParameter [containerGroupName, cpu, restartPolicy]",
            "running",
            "looked into",
            "changed and restarted",
            "tagged",
            "listed 5",
            "billed",
            "gone",
            "gone",
            "gone",
            "gone",
            "gone",
            "done");
    JsonNode ended =
        new RestClient(server.endpoint(), key).get("/v1/ended-container-groups").ok().json();
    assertThat(ended.path("containerGroups")).as("what the server knows of it").hasSize(5);
  }

  /** Runs commands with a server elsewhere; what they wrote is answered. */
  private List<String> run(String commands) throws IOException, InterruptedException {
    URI endpoint = server.endpoint();
    Path log = FOLDER.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
                "bash",
                "-euxo",
                "pipefail",
                "-c",
                commands.replace(ClientGuide.ENDPOINT, endpoint.toString()))
            .directory(FOLDER.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Path java = Path.of(System.getProperty("java.home"), "bin");
    builder
        .environment()
        .merge("PATH", java.toString(), (old, added) -> added + File.pathSeparator + old);
    builder.environment().put("KEY", key.id());
    builder.environment().put("SECRET", key.secret());
    Process process = builder.start();
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      fail("it did not end within %d s:\n%s", MOST_SECONDS, Files.readString(log));
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return Files.readAllLines(log);
  }

  /** Where the document does not name something, a generator makes up a name with a number. */
  private static void assertNamesAreGiven(Path client) throws IOException {
    try (Stream<Path> files = Files.walk(client)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java") || name.endsWith(".ts"))
              .toList();
      assertThat(names).hasSizeGreaterThan(50);
      assertThat(names).noneMatch(name -> name.matches("(Inline.*|.*[0-9]|.*_.*|.*AllOf)\\.\\w+"));
    }
  }

  @Test
  void theGuideShowsWhatTheProgramsDo() {
    assertThat(new ClientGuide("Java").blocks("java"))
        .isNotEmpty()
        .isSubsetOf(ClientGuide.shownParts(PROGRAMS.resolve("java/MainJob.java")));
    assertThat(new ClientGuide("TypeScript").blocks("ts"))
        .isNotEmpty()
        .isSubsetOf(ClientGuide.shownParts(PROGRAMS.resolve("typescript/main-job.ts")));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(all::add);
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }
}
