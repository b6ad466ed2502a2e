package io.podyard.runtime.docker.image;

import io.podyard.model.AccountId;
import io.podyard.runtime.docker.image.ContentStore.Step;
import io.podyard.runtime.docker.image.ContentStore.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The manifests in a content folder, and who may have them. */
final class ContentManifests {

  private static final String EVERYONE = "everyone";

  private final ContentFolder folder;
  private final ContentRoom room;
  private final InstantSource clock;
  private final Steps steps;

  ContentManifests(ContentFolder folder, ContentRoom room, InstantSource clock, Steps steps) {
    this.folder = folder;
    this.room = room;
    this.clock = clock;
    this.steps = steps;
  }

  /** Keeps what an origin sent as the manifest of a digest. */
  void keep(String origin, String digest, KeptManifest manifest) throws FetchFailure {
    try {
      folder.note(folder.manifest(origin, digest), manifest.content());
      steps.after(Step.MANIFEST_THERE);
    } catch (IOException e) {
      throw room.failure(e);
    }
  }

  Optional<Manifest> find(String origin, String digest) throws FetchFailure {
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
      throw room.failure(e);
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
      throw room.failure(e);
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
}
