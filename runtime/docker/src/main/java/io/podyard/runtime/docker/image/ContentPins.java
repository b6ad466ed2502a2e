package io.podyard.runtime.docker.image;

import io.podyard.runtime.HeldLayer;
import io.podyard.runtime.docker.image.ContentStore.Step;
import io.podyard.runtime.docker.image.ContentStore.Steps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What of a content folder stays for image caches of engines. */
final class ContentPins {

  private final ContentFolder folder;
  private final ContentRoom room;
  private final InstantSource clock;
  private final Steps steps;

  ContentPins(ContentFolder folder, ContentRoom room, InstantSource clock, Steps steps) {
    this.folder = folder;
    this.room = room;
    this.clock = clock;
    this.steps = steps;
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
      throw room.failure(e);
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
      room.warn("cannot let go of the content of " + cache, e);
    }
  }

  /** Says that an engine still holds a cache. */
  void renew(String engine, String cache) {
    try {
      for (Path pin : DurableFiles.list(folder.pins(engine, cache))) {
        Files.setLastModifiedTime(pin, FileTime.from(clock.instant()));
      }
    } catch (IOException e) {
      room.warn("cannot renew the hold on the content of " + cache, e);
    }
  }
}
