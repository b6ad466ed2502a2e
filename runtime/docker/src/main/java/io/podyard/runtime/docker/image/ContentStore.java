package io.podyard.runtime.docker.image;

import io.podyard.model.AccountId;
import io.podyard.runtime.HeldLayer;
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
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

  private static final String EVERYONE = "everyone";

  private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);

  private final ContentFolder folder;
  private final FolderLocks locks;
  private final ContentRoom room;
  private final InstantSource clock;
  private final Steps steps;
  private final AtomicReference<Instant> swept = new AtomicReference<>(Instant.MIN);

  ContentStore(ContentFolder folder, ContentRoom room, InstantSource clock, Steps steps)
      throws IOException {
    this.folder = folder;
    this.room = room;
    this.clock = clock;
    this.steps = steps;
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
      throw trouble(e);
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
      throw trouble(e);
    }
  }

  private void forget(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      warn("cannot remove " + part, e);
    }
  }

  private FetchFailure trouble(IOException e) {
    return FetchFailure.pull("a layer cannot be kept in " + folder + ": " + room.words(e), e);
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
      throw trouble(e);
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
      throw trouble(e);
    }
  }

  /** Keeps what an origin sent as the manifest of a digest. */
  void keep(String origin, String digest, KeptManifest manifest) throws FetchFailure {
    try {
      folder.note(folder.manifest(origin, digest), manifest.content());
      steps.after(Step.MANIFEST_THERE);
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  Optional<Manifest> manifest(String origin, String digest) throws FetchFailure {
    Path file = folder.manifest(origin, digest);
    try {
      KeptManifest kept = KeptManifest.read(file);
      if (!Digest.matches(digest, kept.body())) {
        Files.deleteIfExists(file);
        return Optional.empty();
      }
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      return Optional.of(kept.parsed());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  /**
   * Notes that somebody may have a manifest.
   *
   * @param account null for everyone
   */
  void grant(String origin, String digest, @Nullable AccountId account) throws FetchFailure {
    try {
      folder.note(folder.grant(origin, digest, who(account)), new byte[0]);
      steps.after(Step.GRANT_THERE);
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  boolean isGranted(String origin, String digest, AccountId account) {
    return Files.exists(folder.grant(origin, digest, EVERYONE))
        || Files.exists(folder.grant(origin, digest, who(account)));
  }

  private static String who(@Nullable AccountId account) {
    return account == null ? EVERYONE : Digest.hex(account.value());
  }

  /** Whether an origin sent any manifest that is here. */
  boolean knows(String origin) {
    return Files.isDirectory(folder.manifests(origin));
  }

  /**
   * Keeps the content of an image for a cache of an engine.
   *
   * @param engine a name that no other engine has
   */
  void pin(String engine, String cache, String digest, List<HeldLayer> parts) throws FetchFailure {
    String lines = parts.stream().map(HeldLayer::digest).collect(Collectors.joining("\n"));
    try {
      folder.note(folder.pin(engine, cache, digest), lines.getBytes(StandardCharsets.UTF_8));
      steps.after(Step.PIN_THERE);
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  /**
   * Gives up the content of a cache: what no other one, and no other engine, holds goes at once.
   */
  void unpin(String engine, String cache) {
    Path pins = folder.pins(engine, cache);
    try {
      Set<String> held = new HashSet<>();
      for (Path pin : DurableFiles.list(pins)) {
        held.addAll(Files.readAllLines(pin));
      }
      DurableFiles.delete(pins);
      room.free(held);
    } catch (IOException e) {
      // Nobody renews it, so it may go in the end.
      warn("cannot let go of the content of " + cache, e);
    }
  }

  /** Says that an engine still holds a cache. */
  void renew(String engine, String cache) {
    try {
      for (Path pin : DurableFiles.list(folder.pins(engine, cache))) {
        Files.setLastModifiedTime(pin, FileTime.from(clock.instant()));
      }
    } catch (IOException e) {
      warn("cannot renew the hold on the content of " + cache, e);
    }
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
      warn("cannot tidy up", e);
    }
  }

  private void warn(String what, IOException e) {
    System.getLogger(ContentStore.class.getName())
        .log(System.Logger.Level.WARNING, what + " in the content folder " + folder, e);
  }
}
