package io.podyard.runtime.docker.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Room in a content folder. What was not used for longest goes first, never what is in use or kept
 * for an image cache; where that alone is more than the limit, the limit is exceeded.
 */
final class ContentRoom {

  /** Left to others on the disk. */
  private static final long SPARE = 64L << 20;

  private static final Duration PARTS_KEPT = Duration.ofHours(12);
  private static final Duration MANIFESTS_KEPT = Duration.ofDays(30);

  /** A pin that nobody renews is of an engine that is driven from elsewhere, or gone. */
  static final Duration PINS_KEPT = Duration.ofDays(1);

  private static final String NO_SPACE = "No space left on device";

  /** What the disk has left. */
  @FunctionalInterface
  interface Disk {
    long usable() throws IOException;
  }

  private final ContentFolder folder;
  private final long mostBytes;
  private final Disk disk;
  private final InstantSource clock;

  ContentRoom(ContentFolder folder, long mostBytes, Disk disk, InstantSource clock) {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.disk = disk;
    this.clock = clock;
  }

  private record Kept(Path file, long bytes, Instant usedAt) {}

  /**
   * Sees to it that so many bytes have room.
   *
   * @throws IOException in plain words, if they have none
   */
  void make(long bytes) throws IOException {
    trim(Math.max(0, mostBytes - bytes));
    long missing = bytes + SPARE - disk.usable();
    if (missing > 0) {
      trim(Math.max(0, total() - missing));
      if (bytes + SPARE > disk.usable()) {
        throw new IOException(
            "its disk is full: %d bytes are free, and %d are needed"
                .formatted(disk.usable(), bytes + SPARE));
      }
    }
  }

  /**
   * Sees to it that so many more bytes of a file that is just written have room; a look at the disk
   * alone unless they have none.
   *
   * @throws IOException in plain words, if they have none
   */
  void spare(long bytes) throws IOException {
    if (disk.usable() < bytes + SPARE) {
      make(bytes);
    }
  }

  /** Whether a failure to write is for want of room. */
  boolean isFull(IOException e) {
    return String.valueOf(e.getMessage()).contains(NO_SPACE);
  }

  /** What a failure to write means. */
  String words(IOException e) {
    return isFull(e) ? "its disk is full" : String.valueOf(e.getMessage());
  }

  /** What it means for whoever fetches. */
  FetchFailure failure(IOException e) {
    return FetchFailure.pull("a layer cannot be kept in " + folder + ": " + words(e), e);
  }

  void warn(String what, IOException e) {
    System.getLogger(ContentStore.class.getName())
        .log(System.Logger.Level.WARNING, what + " in the content folder " + folder, e);
  }

  private long total() throws IOException {
    return blobs().stream().mapToLong(Kept::bytes).sum();
  }

  private List<Kept> blobs() throws IOException {
    List<Kept> blobs = new ArrayList<>();
    for (Path file : DurableFiles.list(folder.blobs())) {
      try {
        blobs.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
      } catch (NoSuchFileException e) {
        // Removed by somebody else just now.
        continue;
      }
    }
    return blobs;
  }

  /** Removes blobs until the others have no more than so many bytes, as far as that goes. */
  void trim(long most) throws IOException {
    List<Kept> blobs = blobs();
    long total = blobs.stream().mapToLong(Kept::bytes).sum();
    if (total <= most) {
      return;
    }
    Set<String> pinned = pinned();
    blobs.sort(Comparator.comparing(Kept::usedAt));
    for (Kept blob : blobs) {
      String digest = ContentFolder.digest(blob.file());
      if (total <= most) {
        return;
      }
      if (!pinned.contains(digest) && remove(digest)) {
        total -= blob.bytes();
      }
    }
  }

  /** The same down to the limit. */
  void trim() throws IOException {
    trim(mostBytes);
  }

  /** Removes of these what nobody holds and nobody uses. */
  void free(Set<String> digests) throws IOException {
    for (String digest : digests) {
      boolean _ = remove(digest);
    }
  }

  /** Unless somebody uses or holds it, in whatever process. */
  private boolean remove(String digest) throws IOException {
    Optional<FolderLocks.Held> alone = folder.locks().tryAlone(ContentFolder.use(digest));
    if (alone.isEmpty()) {
      return false;
    }
    try (FolderLocks.Held _ = alone.get()) {
      // Whoever holds it from now on waits for the lock, and then finds it gone.
      if (pinned().contains(digest)) {
        return false;
      }
      folder.deleteBlob(digest);
      return true;
    }
  }

  private Set<String> pinned() throws IOException {
    Set<String> pinned = new HashSet<>();
    for (Path engine : DurableFiles.list(folder.pins())) {
      for (Path cache : DurableFiles.list(engine)) {
        for (Path image : DurableFiles.list(cache)) {
          try {
            pinned.addAll(Files.readAllLines(image));
          } catch (NoSuchFileException e) {
            // Released just now.
            continue;
          }
        }
      }
    }
    return pinned;
  }

  /**
   * Removes what nobody can need any more: files of processes that died while they wrote them,
   * parts and manifests that nobody asked for in a long time, pins that nobody renewed.
   */
  void sweep() throws IOException {
    for (Path file : DurableFiles.list(folder.fresh())) {
      String name = file.getFileName().toString();
      Optional<FolderLocks.Held> dead = folder.locks().tryAlone(ContentFolder.fresh(name));
      if (dead.isPresent()) {
        try (FolderLocks.Held _ = dead.get()) {
          Files.deleteIfExists(file);
        }
      }
    }
    for (Path part : DurableFiles.list(folder.parts())) {
      if (isOlder(part, PARTS_KEPT)) {
        Files.deleteIfExists(part);
      }
    }
    for (Path engine : DurableFiles.list(folder.pins())) {
      for (Path cache : DurableFiles.list(engine)) {
        for (Path image : DurableFiles.list(cache)) {
          if (isOlder(image, PINS_KEPT)) {
            Files.deleteIfExists(image);
          }
        }
      }
    }
    for (Path origin : DurableFiles.list(folder.manifests())) {
      sweepManifests(origin);
    }
    sweepNotes();
    trim();
  }

  /** What is known of blobs that never came, or whose removal broke off. */
  private void sweepNotes() throws IOException {
    List<Path> notes = new ArrayList<>(DurableFiles.list(folder.allServed()));
    notes.addAll(DurableFiles.list(folder.allChecked()));
    for (Path note : notes) {
      if (isOlder(note, PARTS_KEPT) && !Files.exists(folder.blobs().resolve(note.getFileName()))) {
        boolean _ = remove(ContentFolder.digest(note));
      }
    }
  }

  private boolean isOlder(Path file, Duration age) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(clock.instant().minus(age));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** What names a configuration that is here is of use still. */
  private void sweepManifests(Path origin) throws IOException {
    List<Path> lists = new ArrayList<>();
    for (Path file : DurableFiles.list(origin)) {
      if (isOlder(file, MANIFESTS_KEPT) && !isNeeded(origin, file, lists)) {
        forget(origin, file);
      }
    }
    for (Path list : lists) {
      if (isOlder(list, MANIFESTS_KEPT) && !isNeeded(origin, list, new ArrayList<>())) {
        forget(origin, list);
      }
    }
  }

  /**
   * @param lists gets what can only be said when the others are gone
   */
  private boolean isNeeded(Path origin, Path file, List<Path> lists) throws IOException {
    try {
      return switch (KeptManifest.read(file).parsed()) {
        case Manifest.Single single -> Files.exists(folder.blob(single.config().digest()));
        case Manifest.Several several -> {
          lists.add(file);
          yield several.platforms().stream()
              .anyMatch(p -> Files.exists(origin.resolve(ContentFolder.file(p.image().digest()))));
        }
      };
    } catch (FetchFailure | NoSuchFileException e) {
      return false;
    }
  }

  private void forget(Path origin, Path manifest) throws IOException {
    Files.deleteIfExists(manifest);
    DurableFiles.delete(
        folder.grants().resolve(origin.getFileName()).resolve(manifest.getFileName()));
  }
}
