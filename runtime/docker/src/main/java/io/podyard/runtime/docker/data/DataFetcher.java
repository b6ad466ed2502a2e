package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.docker.web.BackOff;
import io.podyard.runtime.docker.web.GuardedHttp;
import io.podyard.runtime.docker.web.Pause;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Reads data sources into archives. One of them serves all readings of a process. */
public final class DataFetcher implements AutoCloseable {

  private final DataSettings settings;
  private final Path folder;
  private final DataBlobs blobs;
  private final Pause pause;
  private final BackOff backOff;
  private final GuardedHttp http;
  private boolean isClean;

  /**
   * What was read.
   *
   * @param digest of the archive, under which it is kept
   * @param bytes of all files
   * @param entries files, folders and links
   */
  public record Fetched(String digest, long bytes, int entries) {}

  /**
   * @param folder of this process alone; what a killed process left in it is removed
   * @param blobs where archives are kept
   */
  public DataFetcher(DataSettings settings, Path folder, DataBlobs blobs, RandomGenerator random) {
    this(settings, folder, blobs, random, Pause.SLEEP);
  }

  DataFetcher(
      DataSettings settings, Path folder, DataBlobs blobs, RandomGenerator random, Pause pause) {
    this.settings = settings;
    this.folder = folder;
    this.blobs = blobs;
    this.backOff =
        new BackOff(settings.attempts(), settings.firstPause(), settings.longestPause(), random);
    this.pause = pause;
    this.http =
        new GuardedHttp(
            new GuardedHttp.Times(settings.connect(), settings.answer(), settings.stall()));
  }

  /** Not before something is read: who only looks at an engine leaves the folder alone. */
  private synchronized void clean() throws IOException {
    if (isClean) {
      return;
    }
    Files.createDirectories(folder);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
    isClean = true;
  }

  /**
   * Reads a source on this thread. Unless it ends well nothing is left of it.
   *
   * @param mostBytes of all files
   * @throws InterruptedException if this thread is interrupted
   */
  public Fetched fetch(DataSource source, long mostBytes, ReadProgress progress)
      throws DataNotFetchedException, InterruptedException {
    Reading reading = new Reading(settings, mostBytes, progress, pause, backOff);
    try {
      clean();
      String digest = blobs.<DataNotFetchedException>put(out -> read(source, reading, out));
      reading.tell();
      return new Fetched(digest, reading.bytes(), reading.entries());
    } catch (IOException e) {
      // An interrupt closes the file that is written.
      if (Thread.interrupted()) {
        throw new InterruptedException("reading of a data source");
      }
      throw new DataNotFetchedException(
          Reason.UNAVAILABLE, "the data cannot be stored: " + e.getMessage(), e, 0);
    }
  }

  private void read(DataSource source, Reading reading, OutputStream out)
      throws DataNotFetchedException, IOException, InterruptedException {
    DataArchive archive = new DataArchive(out, reading);
    switch (source) {
      case DataSource.Web web ->
          new WebSource(http, reading, web, folder.resolve(UUID.randomUUID().toString()))
              .into(archive);
      case DataSource.Bucket bucket -> new BucketSource(http, reading, bucket).into(archive);
      case DataSource.Hub repository -> new HubSource(http, reading, repository).into(archive);
      case DataSource.Nfs nfs -> new NfsSource(reading, nfs).into(archive);
      case DataSource.Copy copy ->
          throw new IllegalArgumentException(
              "what " + copy.cache() + " holds is kept already and is not fetched");
    }
    archive.finish();
  }

  @Override
  public void close() {
    http.close();
  }
}
