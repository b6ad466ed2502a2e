package io.podyard.runtime.docker;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.pod.ContainerName;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Logs of containers that are not there any more: a file for each attempt, in lines with times. */
final class KeptLogs {

  private static final String ENDING = ".log";

  private final Path folder;
  private final long mostBytes;

  KeptLogs(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /** Hands on the lines of a log. */
  @FunctionalInterface
  interface Lines<X extends Exception> {
    void forEach(LogFrames.LineSink sink) throws IOException, X;
  }

  /** Keeps the newest part of a log; what was kept of the same attempt before is replaced. */
  <X extends Exception> void keep(ContainerName name, Lines<X> lines) throws IOException, X {
    Path file = file(name);
    Files.createDirectories(file.getParent());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh))) {
        lines.forEach(
            line -> {
              out.write(line.stamped());
              if (!line.ended()) {
                out.write('\n');
              }
            });
      }
      cutHead(fresh);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private void cutHead(Path file) throws IOException {
    long tooMuch = Files.size(file) - mostBytes;
    if (tooMuch <= 0) {
      return;
    }
    Path cut = file.resolveSibling(file.getFileName() + ".cut");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        OutputStream out = Files.newOutputStream(cut)) {
      in.skipNBytes(tooMuch);
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        // The rest of a line that is cut goes as well.
      }
      in.transferTo(out);
    }
    Files.move(cut, file, StandardCopyOption.REPLACE_EXISTING);
  }

  boolean has(ContainerName name) {
    return Files.exists(file(name));
  }

  void read(ContainerName name, LogFrames.LineSink sink) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file(name)))) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        line.write(b);
        if (b == '\n') {
          hand(line, sink);
        }
      }
      hand(line, sink);
    }
  }

  private static void hand(ByteArrayOutputStream line, LogFrames.LineSink sink) throws IOException {
    LogLine parsed = LogLine.parse(line.toByteArray()).orElse(null);
    line.reset();
    if (parsed != null) {
      sink.line(parsed);
    }
  }

  /** The attempts of a container of which a log is kept. */
  List<Integer> attempts(InstallationId installation, ContainerGroupId group, String container) {
    Path groupFolder = folder(installation, group);
    String start = safe(container) + ".";
    List<Integer> attempts = new ArrayList<>();
    if (!Files.isDirectory(groupFolder)) {
      return attempts;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(groupFolder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.startsWith(start) && name.endsWith(ENDING)) {
          String number = name.substring(start.length(), name.length() - ENDING.length());
          if (number.matches("\\d{1,9}")) {
            attempts.add(Integer.valueOf(number));
          }
        }
      }
    } catch (IOException e) {
      System.getLogger(KeptLogs.class.getName())
          .log(System.Logger.Level.WARNING, "cannot look into " + groupFolder, e);
    }
    return attempts;
  }

  void forget(InstallationId installation, ContainerGroupId group) {
    Path groupFolder = folder(installation, group);
    if (!Files.isDirectory(groupFolder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(groupFolder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(groupFolder);
    } catch (IOException e) {
      System.getLogger(KeptLogs.class.getName())
          .log(System.Logger.Level.WARNING, "cannot remove " + groupFolder, e);
    }
  }

  private Path file(ContainerName name) {
    return folder(name.installation(), name.group())
        .resolve(safe(name.container()) + "." + name.attempt() + ENDING);
  }

  private Path folder(InstallationId installation, ContainerGroupId group) {
    return folder.resolve(safe(installation.value())).resolve(safe(group.value()));
  }

  /** No name leads out of the folder. */
  private static String safe(String name) {
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
    return encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded;
  }
}
