package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.data.DataBlobs;
import io.podyard.runtime.docker.image.Manifest.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What registries sent, by digest, in one folder: layers and configurations once for all images
 * that have them, and the manifests, so that an image can be had again without a word to its
 * registry. Several processes may share the folder. All state is in it: whatever dies at whatever
 * moment leaves whole files, which are right, and parts, from which the next one goes on.
 *
 * <p>A blob serves only fetches from an origin that sent it once: whoever merely knows the digest
 * of somebody else's layer gets nothing. A manifest serves only the accounts whose credentials
 * fetched it, and everyone if none were needed.
 */
public final class ContentStore {

  /** For tests that end the process there. */
  enum Step {
    PART_WRITTEN,
    SERVED_NOTED,
    BLOB_THERE,
    MANIFEST_THERE,
    GRANT_THERE,
    PIN_THERE
  }

  /** Is told of each step after it. */
  @FunctionalInterface
  interface Steps {
    void after(Step step);
  }

  private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);

  private final ContentFolder folder;
  private final FolderLocks locks;
  private final ContentRoom room;
  private final InstantSource clock;
  private final Steps steps;
  private final ContentManifests manifests;
  private final ContentPins pins;
  private final AtomicReference<Instant> swept = new AtomicReference<>(Instant.MIN);

  ContentStore(ContentFolder folder, ContentRoom room, InstantSource clock, Steps steps)
      throws IOException {
    this.folder = folder;
    this.room = room;
    this.clock = clock;
    this.steps = steps;
    this.manifests = new ContentManifests(folder, room, clock, steps);
    this.pins = new ContentPins(folder, room, clock, steps);
    this.locks = folder.locks();
  }

  /**
   * @param root made if it is not there
   * @param mostBytes of layers that are neither in use nor held
   * @throws UncheckedIOException if the folder cannot be used
   */
  public static ContentStore open(Path root, long mostBytes, InstantSource clock) {
    try {
      ContentFolder folder = ContentFolder.of(root);
      ContentRoom room =
          new ContentRoom(
              folder, mostBytes, () -> Files.getFileStore(root).getUsableSpace(), clock);
      return new ContentStore(folder, room, clock, _ -> {});
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the content folder " + root, e);
    }
  }

  /** Brings a file to its end; what is there already is a part of it. */
  interface Download {
    void into(Path part) throws FetchFailure, IOException, InterruptedException;
  }

  /**
   * A whole blob, which stays at least until this is closed.
   *
   * @param kept whether it was there already
   */
  record Lease(Descriptor blob, Path file, boolean kept, FolderLocks.Held held)
      implements AutoCloseable {
    @Override
    public void close() {
      held.close();
    }
  }

  /** A blob that an origin sent once, if it is here. */
  Optional<Lease> find(String origin, Descriptor blob, FetchTime time)
      throws FetchFailure, InterruptedException {
    try {
      return here(origin, blob, time);
    } catch (IOException e) {
      throw room.failure(e);
    }
  }

  private Optional<Lease> here(String origin, Descriptor blob, FetchTime time)
      throws FetchFailure, IOException, InterruptedException {
    Path file = folder.blob(blob.digest());
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    FolderLocks.Held held = locks.together(ContentFolder.use(blob.digest()), time);
    boolean use = false;
    try {
      use =
          Files.exists(file)
              && Files.exists(folder.served(origin, blob.digest()))
              && Files.size(file) == blob.size();
      if (use) {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        return Optional.of(new Lease(blob, file, true, held));
      }
      return Optional.empty();
    } finally {
      if (!use) {
        held.close();
      }
    }
  }

  /**
   * A blob, downloaded unless it is here. Of all who want it, in whatever process, one downloads.
   *
   * @param download checks what it gets
   */
  Lease take(String origin, Descriptor blob, FetchTime time, Download download)
      throws FetchFailure, InterruptedException {
    Path part = folder.part(origin, blob.digest());
    try (FolderLocks.Held _ = locks.alone("get " + origin + "@" + blob.digest(), time)) {
      Optional<Lease> there = here(origin, blob, time);
      if (there.isPresent()) {
        return there.get();
      }
      room.make(blob.size() - (Files.exists(part) ? Files.size(part) : 0));
      download.into(part);
      steps.after(Step.PART_WRITTEN);
      // In use before it is known: nobody may remove what is noted of it.
      FolderLocks.Held held = locks.together(ContentFolder.use(blob.digest()), time);
      try {
        folder.note(folder.served(origin, blob.digest()), new byte[0]);
        steps.after(Step.SERVED_NOTED);
        DurableFiles.move(part, folder.blob(blob.digest()));
        steps.after(Step.BLOB_THERE);
        return new Lease(blob, folder.blob(blob.digest()), false, held);
      } catch (IOException e) {
        held.close();
        throw e;
      }
    } catch (IOException e) {
      if (room.isFull(e)) {
        forget(part);
      }
      throw room.failure(e);
    }
  }

  private void forget(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      room.warn("cannot remove " + part, e);
    }
  }

  /**
   * Whether a blob still is what its digest says. One that is not is removed.
   *
   * @throws FetchFailure if it cannot be read
   */
  boolean whole(Lease lease, FetchTime time) throws FetchFailure {
    MessageDigest digest = Digest.algorithm(lease.blob().digest());
    try (InputStream in = Files.newInputStream(lease.file())) {
      Object read = DurableFiles.key(lease.file());
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        time.check();
        digest.update(buffer, 0, n);
      }
      if (Digest.matches(lease.blob().digest(), digest)) {
        return true;
      }
      // Who reads it just now finds the same, and may have brought a better one meanwhile.
      if (Objects.equals(read, DurableFiles.key(lease.file()))) {
        folder.deleteBlob(lease.blob().digest());
      }
      return false;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw room.failure(e);
    }
  }

  /** Whether it is known what a blob is once unpacked. */
  boolean isChecked(Lease lease, String unpackedDigest) {
    try {
      return Files.readString(folder.checked(lease.blob().digest())).equals(unpackedDigest);
    } catch (IOException e) {
      return false; // then it is unpacked once more
    }
  }

  void noteChecked(Lease lease, String unpackedDigest) throws FetchFailure {
    try {
      folder.note(
          folder.checked(lease.blob().digest()), unpackedDigest.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw room.failure(e);
    }
  }

  /** The manifests that were sent, and who may have them. */
  ContentManifests manifests() {
    return manifests;
  }

  /** What stays for image caches. */
  ContentPins pins() {
    return pins;
  }

  /** Where archives of data caches are kept. */
  public DataBlobs archives() {
    return new ContentArchives(this, folder, room, clock);
  }

  /** Keeps to the limit, and removes now and then what the dead left. */
  void tidy() {
    Instant before = swept.get();
    Instant now = clock.instant();
    try {
      if (before.isBefore(now.minus(BETWEEN_SWEEPS)) && swept.compareAndSet(before, now)) {
        room.sweep();
      } else {
        room.trim();
      }
    } catch (IOException e) {
      room.warn("cannot tidy up", e);
    }
  }
}
