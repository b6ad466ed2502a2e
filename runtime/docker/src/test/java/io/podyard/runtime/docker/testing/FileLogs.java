package io.podyard.runtime.docker.testing;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.docker.LogArchive;
import io.podyard.runtime.pod.ContainerName;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
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
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** An archive in a folder, a file for each attempt: for tests with one process. */
public final class FileLogs implements LogArchive {

  private static final String ENDING = ".log";

  private final Path folder;
  private final long mostBytes;

  /**
   * @param mostBytes kept of each log
   */
  public FileLogs(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  @Override
  public <X extends Exception> void keep(ContainerName name, Text<X> text) throws IOException, X {
    Path file = file(name);
    Files.createDirectories(file.getParent());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh))) {
        text.writeTo(out);
      }
      cutHead(fresh);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
    List<Integer> all = attempts(name.installation(), name.group(), name.container());
    for (int attempt : all) {
      if (attempt < all.getLast() - 1) {
        Files.deleteIfExists(
            file(new ContainerName(name.installation(), name.group(), name.container(), attempt)));
      }
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

  @Override
  public Optional<InputStream> read(ContainerName name) throws IOException {
    Path file = file(name);
    return Files.exists(file) ? Optional.of(Files.newInputStream(file)) : Optional.empty();
  }

  @Override
  public List<Integer> attempts(
      InstallationId installation, ContainerGroupId group, String container) throws IOException {
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
    }
    Collections.sort(attempts);
    return attempts;
  }

  @Override
  public void forget(InstallationId installation, ContainerGroupId group) throws IOException {
    Path groupFolder = folder(installation, group);
    if (!Files.isDirectory(groupFolder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(groupFolder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(groupFolder);
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
