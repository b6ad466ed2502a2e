package io.podyard.runtime.docker;

import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.image.DockerArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The image with Podyard's own program, made in memory: process 1 of every sandbox, and a tiny
 * image for everybody under the name {@link #TINY}.
 *
 * @param name under which sandboxes use it; another one for each version of the program
 */
record SandboxImage(String name, DockerArchive archive) {

  /** The name under which everybody may use it; no registry has it. */
  static final String TINY = "docker.io/podyard/tiny:1";

  /** The program, as containers of this image see it. */
  static final String PROGRAM = "/sandbox";

  /** Folder of a sandbox where the volumes of its group are. */
  static final String VOLUMES = "/podyard/volumes";

  /** Folder of a sandbox where the messages of its containers are. */
  static final String MESSAGES = "/podyard/messages";

  /** The program's answer to what it does not understand. */
  static final int NOT_UNDERSTOOD = 2;

  private static final Set<String> ARCHITECTURES = Set.of("amd64", "arm64");
  private static final List<String> COMMANDS =
      List.of(
          "pause",
          "probe-tcp",
          "probe-http",
          "relay",
          "fetch",
          "serve",
          "sleep",
          "stubborn",
          "echo",
          "write",
          "append",
          "cat",
          "list",
          "measure",
          "clear",
          "fill",
          "env",
          "exit",
          "true",
          "false");

  /**
   * @throws RuntimeUnavailableException if there is no program for the architecture
   */
  static SandboxImage of(String architecture) throws RuntimeUnavailableException {
    if (!ARCHITECTURES.contains(architecture)) {
      throw new RuntimeUnavailableException(
          "there is no sandbox program for engines of architecture " + architecture);
    }
    try {
      DockerArchive.Layer layer = DockerArchive.Layer.of(files(program(architecture)));
      String config =
          """
          {"architecture":"%s","os":"linux","created":"2026-01-01T00:00:00Z",\
          "config":{"Env":["PATH=/bin"],"Entrypoint":["%s"],"Cmd":["pause"],"WorkingDir":"/"},\
          "rootfs":{"type":"layers","diff_ids":["%s"]},\
          "history":[{"created":"2026-01-01T00:00:00Z","created_by":"podyard"}]}\
          """
              .formatted(architecture, PROGRAM, layer.digest());
      String version = layer.digest().substring("sha256:".length()).substring(0, 12);
      return new SandboxImage(
          "podyard.local/sandbox:" + version,
          new DockerArchive(config.getBytes(StandardCharsets.UTF_8), List.of(layer)));
    } catch (IOException e) {
      throw new UncheckedIOException("the sandbox program is missing from this build", e);
    }
  }

  private static byte[] program(String architecture) throws IOException {
    String resource = "sandbox/sandbox-" + architecture;
    try (InputStream in = SandboxImage.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("no resource " + resource);
      }
      return in.readAllBytes();
    }
  }

  private static byte[] files(byte[] program) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry file = new TarArchiveEntry(PROGRAM.substring(1));
      file.setMode(0755);
      file.setModTime(0);
      file.setSize(program.length);
      tar.putArchiveEntry(file);
      tar.write(program);
      tar.closeArchiveEntry();
      folder(tar, "bin/", 0755);
      folder(tar, "tmp/", 01777);
      folder(tar, VOLUMES.substring(1) + "/", 0755);
      for (String command : COMMANDS) {
        TarArchiveEntry link = new TarArchiveEntry("bin/" + command, TarConstants.LF_SYMLINK);
        link.setLinkName(PROGRAM);
        link.setModTime(0);
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void folder(TarArchiveOutputStream tar, String name, int mode) throws IOException {
    TarArchiveEntry folder = new TarArchiveEntry(name);
    folder.setMode(mode);
    folder.setModTime(0);
    tar.putArchiveEntry(folder);
    tar.closeArchiveEntry();
  }
}
