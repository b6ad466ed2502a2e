package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.data.DataBlobs;
import io.podyard.runtime.docker.web.Pause;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Archives of data caches in the content folder, beside the layers: under the same locks, and
 * counted towards the same limit. One is held until a host has it, and at most for a day after
 * somebody asked for it. No origin sent it, so nobody gets it as a layer.
 */
final class ContentArchives implements DataBlobs {

  /** In place of the name of an engine, which is an address. */
  private static final String HOLDER = "data caches";

  /** A blob is locked by who removes it, which is quick, and by its readers together. */
  private static final Duration LONGEST_REMOVAL = Duration.ofMinutes(1);

  private static final int LOOK_EVERY_BYTES = 4 << 20;

  private final ContentStore store;
  private final ContentFolder folder;
  private final ContentRoom room;
  private final InstantSource clock;

  ContentArchives(ContentStore store, ContentFolder folder, ContentRoom room, InstantSource clock) {
    this.store = store;
    this.folder = folder;
    this.room = room;
    this.clock = clock;
  }

  @Override
  public <E extends Exception> String put(Writer<E> writer)
      throws IOException, InterruptedException, E {
    store.tidy();
    room.make(0);
    try {
      return keep(writer);
    } catch (IOException e) {
      throw room.isFull(e) ? new IOException(room.words(e), e) : e;
    }
  }

  private <E extends Exception> String keep(Writer<E> writer)
      throws IOException, InterruptedException, E {
    String name = UUID.randomUUID().toString();
    Path fresh = folder.fresh().resolve(name);
    try (FolderLocks.Held _ = folder.writing(name)) {
      MessageDigest written = Digest.algorithm("sha256:");
      try (OutputStream out =
          new BufferedOutputStream(
              new DigestOutputStream(
                  new Sparing(
                      Files.newOutputStream(
                          fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)),
                  written),
              1 << 16)) {
        writer.to(out);
      }
      String digest = "sha256:" + HexFormat.of().formatHex(written.digest());
      try (FolderLocks.Held _ = using(digest)) {
        // Before it is there: it is not to go before a host has it.
        hold(digest);
        Files.setLastModifiedTime(fresh, FileTime.from(clock.instant()));
        DurableFiles.move(fresh, folder.blob(digest));
      }
      store.tidy();
      return digest;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Leaves to others on the disk what is theirs: nobody knows beforehand how much there will be.
   */
  private final class Sparing extends FilterOutputStream {

    private long unlooked;

    Sparing(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      unlooked += length;
      if (unlooked >= LOOK_EVERY_BYTES) {
        unlooked = 0;
        room.spare(Math.max(length, LOOK_EVERY_BYTES));
      }
      out.write(bytes, offset, length);
    }
  }

  private void hold(String digest) throws IOException {
    folder.note(folder.pin(HOLDER, digest, digest), digest.getBytes(StandardCharsets.UTF_8));
  }

  private FolderLocks.Held using(String digest) throws IOException {
    try {
      return folder
          .locks()
          .together(
              ContentFolder.use(digest), new FetchTime(LONGEST_REMOVAL, () -> false, Pause.SLEEP));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (FetchFailure e) {
      throw new IOException("the lock of " + digest + " was not given up", e);
    }
  }

  @Override
  public boolean has(String digest) throws IOException {
    if (!Digest.isValid(digest)) {
      return false;
    }
    try (FolderLocks.Held _ = using(digest)) {
      boolean there = Files.exists(folder.blob(digest));
      if (there) {
        hold(digest);
        Files.setLastModifiedTime(folder.blob(digest), FileTime.from(clock.instant()));
      }
      return there;
    }
  }

  @Override
  public void letGo(String digest) {
    if (!Digest.isValid(digest)) {
      return;
    }
    try {
      Files.deleteIfExists(folder.pin(HOLDER, digest, digest));
      room.trim();
    } catch (IOException e) {
      // In a day it may go anyway.
      room.warn("cannot let go of " + digest, e);
    }
  }

  @Override
  public InputStream open(String digest) throws IOException {
    if (!Digest.isValid(digest)) {
      throw new NoSuchFileException(digest);
    }
    FolderLocks.Held held = using(digest);
    try {
      return new Checked(Files.newInputStream(folder.blob(digest)), digest, held);
    } catch (IOException e) {
      held.close();
      throw e;
    }
  }

  /** In use until it is closed. One that is not what it was goes, so that it is read anew. */
  private final class Checked extends FilterInputStream {

    private final MessageDigest read;
    private final String digest;
    private final FolderLocks.Held held;
    private boolean whole;

    Checked(InputStream in, String digest, FolderLocks.Held held) {
      super(in);
      this.read = Digest.algorithm(digest);
      this.digest = digest;
      this.held = held;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int n = super.read(to, offset, length);
      if (n > 0) {
        read.update(to, offset, n);
      } else if (n < 0 && !whole) {
        if (!Digest.matches(digest, read)) {
          folder.deleteBlob(digest);
          throw new IOException("the archive " + digest + " is damaged: it has another digest");
        }
        whole = true;
      }
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      throw new IOException("what is skipped cannot be checked");
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        held.close();
      }
    }
  }
}
