package io.podyard.controlplane.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.PodyardApplication;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * How Java is told to start a server in half the time: with what it learnt from an earlier one,
 * which serves as long as no class of the server changes. Learning takes as long as several starts,
 * so a JVM that starts few servers does without it, unless another one has done it already.
 */
public final class FastStart {

  /** As many starts have to be before one is learnt from. */
  private static final int WORTH_IT = 2;

  private static @Nullable FastStart ofThisBuild;
  private static int starts;

  private final Path folder;
  private final List<Path> classPath;

  private FastStart(Path folder, List<Path> classPath) {
    this.folder = folder;
    this.classPath = classPath;
  }

  /** All that comes before the name of the main class. */
  public static synchronized List<String> java() throws Exception {
    if (ofThisBuild == null) {
      ofThisBuild = of(servers());
    }
    FastStart start = ofThisBuild;
    starts++;
    if (starts > WORTH_IT && !Files.exists(start.learnt())) {
      start.learn();
    }
    if (!Files.exists(start.learnt())) {
      return command(joined(start.classPath));
    }
    List<String> java = new ArrayList<>(command(start.jars()));
    java.addAll(1, List.of("-XX:AOTCache=" + start.learnt(), "-Xlog:aot*=error"));
    return java;
  }

  private static List<String> command(String classPath) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx512m",
        "-cp",
        classPath);
  }

  /** What is on the class path of this JVM, without the tests. */
  private static List<Path> servers() {
    // Surefire may hand the class path over inside a jar; this property has it in full.
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(all.split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(Path::of)
        .filter(entry -> Files.exists(entry) && !entry.endsWith("test-classes"))
        .toList();
  }

  /** Beside the classes of this module, for all JVMs of a build. */
  private static FastStart of(List<Path> classPath) throws Exception {
    Path classes =
        Path.of(
            PodyardApplication.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return new FastStart(
        classes.resolveSibling("fast-start").resolve(digest(classPath)), classPath);
  }

  private static String digest(List<Path> classPath) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(System.getProperty("java.vm.version").getBytes(UTF_8));
    for (Path entry : classPath) {
      digest.update(entry.toString().getBytes(UTF_8));
      if (Files.isDirectory(entry)) {
        try (Stream<Path> files = Files.walk(entry)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            digest.update(file.toString().getBytes(UTF_8));
            digest.update(Files.readAllBytes(file));
          }
        }
      } else {
        digest.update(Files.getLastModifiedTime(entry).toString().getBytes(UTF_8));
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private Path learnt() {
    return folder.resolve("server.aot");
  }

  /** The class path as Java can remember it: without folders. */
  private String jars() {
    List<Path> jars = new ArrayList<>();
    for (int i = 0; i < classPath.size(); i++) {
      jars.add(Files.isDirectory(classPath.get(i)) ? folder.resolve(i + ".jar") : classPath.get(i));
    }
    return joined(jars);
  }

  private static String joined(List<Path> paths) {
    return String.join(File.pathSeparator, paths.stream().map(Path::toString).toList());
  }

  private void learn() throws Exception {
    Files.createDirectories(folder.getParent());
    try (FileChannel file =
            FileChannel.open(
                folder.resolveSibling("lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = file.lock()) {
      if (Files.exists(folder)) {
        return; // another JVM did, or could not
      }
      forgetOthers();
      long began = System.nanoTime();
      Files.createDirectories(folder);
      for (int i = 0; i < classPath.size(); i++) {
        if (Files.isDirectory(classPath.get(i))) {
          pack(classPath.get(i), folder.resolve(i + ".jar"));
        }
      }
      try {
        teach(folder.resolve("server.aot.new"));
        System.out.printf(
            "Java learnt to start servers in %d ms%n",
            Duration.ofNanos(System.nanoTime() - began).toMillis());
      } catch (Exception | AssertionError failure) {
        // What follows takes longer then; it is no worse.
        System.out.println("Java could not learn to start servers: " + failure);
      }
    }
  }

  private void forgetOthers() throws IOException {
    try (Stream<Path> others = Files.list(folder.getParent())) {
      for (Path other : others.filter(Files::isDirectory).toList()) {
        FileSystemUtils.deleteRecursively(other);
      }
    }
  }

  private static void pack(Path classes, Path jar) {
    int status =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(System.out, System.err, "c0f", jar.toString(), "-C", classes.toString(), ".");
    if (status != 0) {
      throw new UncheckedIOException(new IOException("no " + jar));
    }
  }

  /** Has a server run a group, and Java write down what that took. */
  private void teach(Path lesson) throws Exception {
    List<String> java = new ArrayList<>(command(jars()));
    java.add(1, "-XX:AOTCacheOutput=" + lesson);
    try (ServerProcess server = ServerProcess.in("fast-start", Map.of())) {
      server.launch(java, Map.of());
      server.awaitReady();
      CreateContainerGroupResponse made =
          server
              .client()
              .call(
                  Action.CREATE_CONTAINER_GROUP,
                  Map.of(
                      "ContainerGroupName", "lesson",
                      "Container.1.Name", "app",
                      "Container.1.Image", "podyard/app:1"),
                  CreateContainerGroupResponse.class);
      ContainerGroupId group = new ContainerGroupId(String.valueOf(made.containerGroupId()));
      try (Inspection inspection = Inspection.of(server.database(), server.socket())) {
        Waiting.until("a lesson", () -> inspection.allAre(List.of(group), "Running"));
        inspection.deleteAll(server.client());
      }
      server.end();
    }
    Files.move(lesson, learnt(), StandardCopyOption.ATOMIC_MOVE);
  }
}
