package io.podyard.runtime.docker.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** When each image of an engine was used last: one empty file each, whose time says it. */
final class ImageUses {

  /** Exact enough, and no write for every container. */
  private static final Duration BETWEEN_NOTES = Duration.ofMinutes(1);

  private final Path folder;
  private final InstantSource clock;

  ImageUses(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  void note(String imageId) {
    Instant now = clock.instant();
    if (at(imageId).isAfter(now.minus(BETWEEN_NOTES))) {
      return;
    }
    try {
      Path file = file(imageId);
      Files.createDirectories(folder);
      if (!Files.exists(file)) {
        Files.write(file, new byte[0]);
      }
      Files.setLastModifiedTime(file, FileTime.from(now));
    } catch (IOException e) {
      warn("the use of an image cannot be noted", e);
    }
  }

  /** The beginning of time for an image of which it is not known. */
  Instant at(String imageId) {
    try {
      return Files.getLastModifiedTime(file(imageId)).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.EPOCH;
    } catch (IOException e) {
      warn("the last use of an image is not known", e);
      return Instant.EPOCH;
    }
  }

  void forget(String imageId) {
    try {
      Files.deleteIfExists(file(imageId));
    } catch (IOException e) {
      warn("an image cannot be forgotten", e);
    }
  }

  private Path file(String imageId) {
    return folder.resolve(Digest.hex(imageId));
  }

  private void warn(String what, IOException e) {
    System.getLogger(ImageUses.class.getName())
        .log(System.Logger.Level.WARNING, what + " in " + folder, e);
  }
}
