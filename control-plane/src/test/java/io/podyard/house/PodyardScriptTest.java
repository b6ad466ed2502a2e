package io.podyard.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts at the top of the tree, run on a small tree with a Maven and a JDK that only write
 * down how they were called.
 */
class PodyardScriptTest {

  private static final String JAVA =
      """
      #!/bin/sh
      case "$*" in
        *jarmode=tools*)
          for folder; do :; done
          mkdir -p "$folder/lib"
          touch "$folder/podyard-control-plane-9.jar"
          ;;
        *)
          echo "pid $$"
          echo "java $*"
          exit "${FAKE_EXIT:-0}"
          ;;
      esac
      """;

  private static final String MVNW =
      """
      #!/bin/sh
      root=$(dirname "$0")
      echo "$*" >> "$root/builds"
      if [ -e "$root/broken" ]; then
        echo "Size.java: this does not compile"
        exit 1
      fi
      mkdir -p "$root/control-plane/target"
      touch "$root/control-plane/target/podyard-control-plane-9.jar"
      """;

  @TempDir Path folder;
  private Path tree;
  private Path source;
  private final Map<String, String> environment = new HashMap<>();

  private record Outcome(long pid, int exit, String out, String err) {}

  @BeforeEach
  void makeTree() throws IOException {
    Path real = FormatTest.Sources.root();
    tree = Files.createDirectory(folder.resolve("a tree"));
    Files.copy(real.resolve("pom.xml"), tree.resolve("pom.xml"));
    Files.createDirectory(tree.resolve("build"));
    Files.copy(real.resolve("build/find-jdk"), tree.resolve("build/find-jdk"));
    Files.copy(real.resolve("podyard"), tree.resolve("podyard"));
    script(tree.resolve("mvnw"), MVNW);
    source = tree.resolve("model/src/main/java/Size.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "class Size {}");
    Files.createDirectories(tree.resolve("runtime/port/src/main"));
    environment.put("PODYARD_JAVA_HOME", jdk("jdk", "25.0.3").toString());
    environment.put("PODYARD_AOT", "off");
  }

  @Test
  void theFirstRunBuildsAndLaterOnesDoNot() throws Exception {
    Outcome first = podyard("server", "--some", "thing with blanks");
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.err()).contains("building");
    assertThat(first.out()).endsWith("podyard.jar server --some thing with blanks\n");

    Outcome second = podyard("server");
    assertThat(second.err()).isEmpty();
    assertThat(builds()).hasSize(1);
    assertThat(builds().getFirst()).contains("-pl control-plane -am package");
  }

  @Test
  void whatIsNewerThanTheBuildIsBuiltAgainAndTheOldBuildGoes() throws Exception {
    assertThat(podyard("judge").exit()).isZero();

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(podyard("judge").exit()).isZero();
    assertThat(builds()).hasSize(2);
    try (Stream<Path> files = Files.list(tree.resolve("target/podyard"))) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("build-")))
          .hasSize(1);
    }
  }

  @Test
  void aDeletedSourceIsNoticedToo() throws Exception {
    assertThat(podyard("judge").exit()).isZero();

    Files.delete(source);
    assertThat(podyard("judge").exit()).isZero();
    assertThat(builds()).hasSize(2);
  }

  @Test
  void whatDoesNotGoIntoTheProgramIsNotBuilt() throws Exception {
    assertThat(podyard("judge").exit()).isZero();

    for (String other : List.of("README.md", "bench/src/main/Load.java", "model/src/test/T.java")) {
      Files.createDirectories(tree.resolve(other).getParent());
      Files.writeString(tree.resolve(other), "new");
    }
    assertThat(podyard("judge").exit()).isZero();
    assertThat(builds()).hasSize(1);
  }

  @Test
  void aFailedBuildIsShownAndTriedAgain() throws Exception {
    Files.createFile(tree.resolve("broken"));
    Outcome failed = podyard("server");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.err()).contains("this does not compile").contains("build failed");
    assertThat(failed.out()).isEmpty();

    Files.delete(tree.resolve("broken"));
    assertThat(podyard("server").exit()).isZero();
  }

  @Test
  void aLockOfAProcessThatHasEndedDoesNotHoldUpTheBuild() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Path lock = Files.createDirectories(tree.resolve("target/podyard/lock"));
    Files.writeString(lock.resolve("pid"), Long.toString(ended.pid()));

    assertThat(podyard("server").exit()).isZero();
    assertThat(lock).doesNotExist();
  }

  @Test
  void javaTakesThePlaceOfTheScriptSoSignalsAndExitCodeAreItsOwn() throws Exception {
    environment.put("FAKE_EXIT", "42");
    Outcome outcome = podyard("judge");

    assertThat(outcome.exit()).isEqualTo(42);
    assertThat(outcome.out()).contains("pid " + outcome.pid() + "\n");
  }

  @Test
  void aServerGetsBothCompilersAndWhatIsShortGetsTheQuickOne() throws Exception {
    assertThat(podyard("server").out()).doesNotContain("TieredStopAtLevel");
    assertThat(podyard().out()).endsWith(" server\n").doesNotContain("TieredStopAtLevel");
    assertThat(podyard("quickstart", "--once").out())
        .contains("-XX:TieredStopAtLevel=1")
        .endsWith("quickstart --once\n");

    environment.put("PODYARD_JAVA_OPTS", "-Xmx256m");
    assertThat(podyard("server").out()).contains("-Xmx256m").doesNotContain("NewSize");
    environment.put("PODYARD_JAVA_OPTS", "-Xmx1g -XX:+UseZGC");
    assertThat(podyard("server").out())
        .contains("-Xmx1g -XX:+UseZGC")
        .doesNotContain("SerialGC", "NewSize");
  }

  @Test
  void helpVersionAndUnknownCommandsNeedNoBuildAndNoJdk() throws Exception {
    environment.put("PODYARD_JAVA_HOME", "/nowhere");

    Outcome help = podyard("--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("quickstart", "server", "judge", "simulated-hosts");
    Outcome version = podyard("--version");
    assertThat(version.exit()).isZero();
    assertThat(version.out()).matches("podyard [0-9]+\\.[0-9]+\\.[0-9]+\\S*\n");
    Outcome unknown = podyard("sevrer");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("sevrer").contains("Usage");
    assertThat(tree.resolve("builds")).doesNotExist();
  }

  @Test
  void aLinkToTheScriptWorksFromAnywhere() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("podyard-link"), tree.resolve("podyard"));

    Outcome outcome = run(List.of(link.toString(), "judge"));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(tree.resolve("target/podyard/current")).exists();
  }

  @Test
  void theFirstJdkThatIsNewEnoughIsTaken() throws Exception {
    Path old = jdk("old", "17.0.12");
    Path early = jdk("early", "26-ea");
    environment.put("PODYARD_JAVA_HOME", old.toString());
    environment.put("JAVA_HOME", early.toString());

    assertThat(shell("find_jdk && echo \"$JDK_HOME\"").out()).isEqualTo(early + "\n");
    for (Map.Entry<String, String> known :
        Map.of("25", "25", "25.0.3", "25", "1.8.0_392", "1", "26-ea", "26", "none", "")
            .entrySet()) {
      Path jdk = jdk("jdk-" + known.getKey(), known.getKey());
      assertThat(shell("jdk_version '" + jdk + "'").out().strip())
          .as(known.getKey())
          .isEqualTo(known.getValue());
    }
  }

  @Test
  void aMissingJdkIsExplainedWithWhatWasFoundInstead() throws Exception {
    environment.put("PODYARD_JAVA_HOME", jdk("old", "17.0.12").toString());
    environment.put("JAVA_HOME", "/nowhere");

    assertThat(shell("explain_missing_jdk").err())
        .contains("JDK 25 or newer")
        .contains("(version 17)")
        .contains("JAVA_HOME=/nowhere (no Java there)")
        .contains("/usr/lib/jvm")
        .contains("adoptium.net");
  }

  @Test
  void mavenRunsOnTheJdkThatWasFoundUnlessItIsTooOld() throws Exception {
    Files.copy(
        FormatTest.Sources.root().resolve("mvnw"),
        Files.createDirectory(tree.resolve("m")).resolve("mvnw"));
    Files.createSymbolicLink(tree.resolve("m/build"), tree.resolve("build"));
    Path maven = Files.createDirectories(folder.resolve("maven/bin"));
    environment.put("MAVEN_HOME", maven.getParent().toString());
    String wrapper = tree.resolve("m/mvnw").toString();

    script(
        maven.resolve("mvn"),
        """
        #!/bin/sh
        [ "$1" = --version ] && echo "Apache Maven 3.8.1 (abc)" || echo "$JAVA_HOME: $*"
        """);
    Outcome good = run(List.of(wrapper, "-B", "verify"));
    assertThat(good.exit()).as(good.err()).isZero();
    assertThat(good.out()).isEqualTo(environment.get("PODYARD_JAVA_HOME") + ": -B verify\n");

    script(
        maven.resolve("mvn"),
        """
        #!/bin/sh
        echo "Apache Maven 3.6.3 (abc)"
        """);
    Outcome old = run(List.of(wrapper, "verify"));
    assertThat(old.exit()).isEqualTo(1);
    assertThat(old.err()).contains("3.6.3").contains("3.8 or newer").contains("apt-get");
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve("jdks").resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"Us\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
    script(home.resolve("bin/java"), JAVA);
    script(home.resolve("bin/javac"), "#!/bin/sh\n");
    return home;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(tree.resolve("builds"));
  }

  private Outcome podyard(String... arguments) throws Exception {
    return run(
        Stream.concat(Stream.of(tree.resolve("podyard").toString()), Stream.of(arguments))
            .toList());
  }

  private Outcome shell(String commands) throws Exception {
    return run(
        List.of("bash", "-c", "set -euo pipefail; . '" + tree + "/build/find-jdk'; " + commands));
  }

  private Outcome run(List<String> command) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(PODYARD|MAVEN|JAVA)_.*"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(command + " does not end; it said " + Files.readString(err));
    }
    return new Outcome(
        process.pid(), process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
