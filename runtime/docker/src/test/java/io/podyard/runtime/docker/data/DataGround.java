package io.podyard.runtime.docker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.docker.data.DataFetcher.Fetched;
import io.podyard.runtime.docker.image.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A fetcher with a folder of its own, whose waits are noted and not made. */
final class DataGround implements AutoCloseable {

  static final long ROOMY = 1L << 30;

  private final Path folder;
  final DataFetcher fetcher;
  final DataBlobs blobs;
  final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
  final List<String> told = Collections.synchronizedList(new ArrayList<>());

  DataGround(Path folder) {
    this(folder, limits(Duration.ofSeconds(30), true));
  }

  DataGround(Path folder, DataSettings limits) {
    this.folder = folder;
    this.blobs =
        ContentStore.open(folder.resolve("content"), ROOMY, InstantSource.system()).archives();
    this.fetcher =
        new DataFetcher(limits, folder.resolve("spool"), blobs, new Random(7), waits::add);
  }

  static DataSettings limits(Duration total, boolean thisMachine) {
    return settings(total, thisMachine, DataSettings.DEFAULTS.hub());
  }

  static DataSettings settings(Duration total, boolean thisMachine, URI hub) {
    return new DataSettings(
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofMillis(400),
        total,
        4,
        Duration.ofMillis(100),
        Duration.ofSeconds(60),
        5000,
        thisMachine,
        hub);
  }

  Fetched fetch(DataSource source) throws DataNotFetchedException, InterruptedException {
    return fetch(source, ROOMY);
  }

  Fetched fetch(DataSource source, long mostBytes)
      throws DataNotFetchedException, InterruptedException {
    return fetcher.fetch(source, mostBytes, (bytes, total) -> told.add(bytes + "/" + total));
  }

  /** A fetch that fails and leaves nothing behind. */
  DataNotFetchedException failed(DataSource source, long mostBytes) throws IOException {
    DataNotFetchedException failure =
        catchThrowableOfType(DataNotFetchedException.class, () -> fetch(source, mostBytes));
    assertThat(failure).isNotNull();
    assertNothingLeft();
    return failure;
  }

  DataNotFetchedException failed(DataSource source) throws IOException {
    return failed(source, ROOMY);
  }

  void assertNothingLeft() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).filter(file -> !file.endsWith("locks")))
          .isEmpty();
    }
  }

  /**
   * What is in an archive: text of files, "/" for folders, "-> target" for links, "*" executable.
   */
  Map<String, String> content(Fetched fetched) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (InputStream in = blobs.open(fetched.digest());
        TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isDirectory()) {
          content.put(entry.getName(), "/");
        } else if (entry.isSymbolicLink()) {
          content.put(entry.getName(), "-> " + entry.getLinkName());
        } else {
          String star = (entry.getMode() & 0111) == 0 ? "" : "*";
          content.put(
              entry.getName(), star + new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
      }
      in.transferTo(OutputStream.nullOutputStream());
    }
    return content;
  }

  @Override
  public void close() {
    fetcher.close();
  }
}
