package io.podyard.runtime.docker.image;

import io.podyard.runtime.CachedImage;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.image.Manifest.Descriptor;
import io.podyard.runtime.docker.image.RegistrySession.ManifestAnswer;
import java.util.List;
import java.util.Optional;

/** One run of bringing one image for one account, from its name to the engine. */
final class ImageFetch {

  private final FetchTools tools;
  private final WantedImage wanted;
  private final ImageReference image;
  private final RegistryAccess access;
  private final String origin;
  private final FetchProgress progress;
  private final FetchTime time;
  private final Fence fence;
  private final RegistrySession session;

  ImageFetch(
      FetchTools tools, WantedImage wanted, FetchProgress progress, FetchTime time, Fence fence) {
    this.tools = tools;
    this.wanted = wanted;
    this.image = wanted.image();
    this.access = wanted.access();
    this.origin = access.origin();
    this.progress = progress;
    this.time = time;
    this.fence = fence;
    this.session = new RegistrySession(tools.http(), access, time);
  }

  FetchedImage run()
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException, InterruptedException {
    Optional<FetchedImage> cached = wanted.always() ? Optional.empty() : fromCache();
    if (cached.isPresent()) {
      return cached.get();
    }
    try {
      return fromRegistry();
    } catch (FetchFailure failure) {
      if (!tools.enginePull()) {
        throw failure;
      }
      return byEngine(failure);
    }
  }

  /** The image of a cache, without asking the registry which one its name stands for. */
  private Optional<FetchedImage> fromCache()
      throws RuntimeUnavailableException, StaleFenceException, InterruptedException {
    CachedImage cached = wanted.cached();
    if (cached == null) {
      return Optional.empty();
    }
    String digest = cached.digest();
    Optional<ImageIndex.Usable> usable = tools.index().usable(wanted.account(), image, digest);
    if (usable.isPresent() && tools.store().has(usable.get().imageId())) {
      // The name stands for this one from now on, as if it had been asked for.
      return Optional.of(note(usable.get().image()));
    }
    if (!tools.content().manifests().isGranted(origin, digest, wanted.account())) {
      return Optional.empty();
    }
    try {
      Optional<Manifest.Single> single = kept(digest);
      return single.isPresent() ? Optional.of(bring(digest, single.get())) : Optional.empty();
    } catch (FetchFailure failure) {
      // What is gone from here and from the registry may be had under the name still.
      System.getLogger(ImageFetch.class.getName())
          .log(System.Logger.Level.INFO, "image {0} of a cache cannot be had", digest, failure);
      return Optional.empty();
    }
  }

  private FetchedImage fromRegistry()
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException, InterruptedException {
    if (tools.index().knowsOrigin(origin) || tools.content().manifests().knows(origin)) {
      // Registries count what is downloaded, not what is only asked about.
      Optional<String> digest = session.digestOf(image.target());
      if (digest.isPresent()) {
        Optional<FetchedImage> reused = reused(digest.get());
        if (reused.isPresent()) {
          return reused.get();
        }
        Optional<Manifest.Single> single = kept(digest.get());
        if (single.isPresent()) {
          return bring(digest.get(), single.get());
        }
      }
    }
    ManifestAnswer answer = session.manifest(image.target());
    tools.content().manifests().keep(origin, answer.digest(), answer.kept());
    return bring(answer.digest(), single(answer.manifest()));
  }

  /** What is kept here of a manifest, for the architecture of this engine. */
  private Optional<Manifest.Single> kept(String digest)
      throws FetchFailure, RuntimeUnavailableException {
    Optional<Manifest> kept = tools.content().manifests().find(origin, digest);
    if (kept.isPresent() && kept.get() instanceof Manifest.Several several) {
      kept =
          tools
              .content()
              .manifests()
              .find(origin, several.choose(tools.store().architecture()).digest());
    }
    return kept.filter(Manifest.Single.class::isInstance).map(Manifest.Single.class::cast);
  }

  private Manifest.Single single(Manifest manifest)
      throws FetchFailure, RuntimeUnavailableException, InterruptedException {
    return switch (manifest) {
      case Manifest.Single single -> single;
      case Manifest.Several several -> {
        Descriptor chosen = several.choose(tools.store().architecture());
        ManifestAnswer inner = session.manifest(chosen.digest());
        if (inner.manifest() instanceof Manifest.Single single) {
          tools.content().manifests().keep(origin, chosen.digest(), inner.kept());
          yield single;
        }
        throw FetchFailure.pull("the image's manifest list names another list");
      }
    };
  }

  /** What the engine has of what the registry would send, from this very origin. */
  private Optional<FetchedImage> reused(String digest)
      throws FetchFailure, RuntimeUnavailableException, InterruptedException {
    ImageIndex.Kept kept = tools.index().known(origin, digest).orElse(null);
    if (kept == null || wanted.holder() != null || !tools.store().has(kept.imageId())) {
      return Optional.empty();
    }
    return Optional.of(note(kept.parts().isEmpty() ? withParts(kept) : kept));
  }

  /** Earlier releases did not note what an image consists of. */
  private ImageIndex.Kept withParts(ImageIndex.Kept kept)
      throws FetchFailure, RuntimeUnavailableException, InterruptedException {
    Manifest.Single single = single(session.manifest(kept.manifest()).manifest());
    return new ImageIndex.Kept(kept.origin(), kept.manifest(), kept.imageId(), single.parts());
  }

  /** Brings what a manifest names to the engine: from here what is here, else from the registry. */
  private FetchedImage bring(String digest, Manifest.Single single)
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException, InterruptedException {
    String holder = wanted.holder();
    if (holder != null) {
      // Before it comes: nothing of it may go until it is released.
      tools.content().pins().pin(tools.engine(), holder, digest, single.parts());
    }
    try (KeyedLocks.Held _ = tools.images().lock(origin + "@" + digest, time)) {
      Optional<FetchedImage> reused = reused(digest);
      if (reused.isPresent()) {
        return reused.get();
      }
      String name = ImageRoom.name(origin, digest);
      String id = new ImageLoad(tools, session, origin, progress, time, fence).load(single, name);
      tools.content().manifests().grant(origin, digest, wanted.owner());
      FetchedImage fetched = note(new ImageIndex.Kept(origin, digest, id, single.parts()));
      makeRoom();
      return fetched;
    } finally {
      tools.content().tidy();
    }
  }

  private void makeRoom() throws StaleFenceException {
    try {
      tools.room().collect(fence);
    } catch (RuntimeUnavailableException e) {
      // The image is there; the next one makes the room.
      System.getLogger(ImageFetch.class.getName())
          .log(System.Logger.Level.WARNING, "no room was made on the engine", e);
    }
  }

  private FetchedImage note(ImageIndex.Kept kept) {
    tools.room().noteUse(kept.imageId());
    tools.index().note(wanted.owner(), image, kept, tools.clock().instant());
    return new FetchedImage(
        kept.imageId(),
        kept.manifest(),
        kept.parts(),
        progress.registryBytes(),
        cacheOf(kept).orElse(""));
  }

  /** The cache that spared the registry from sending this image. */
  private Optional<String> cacheOf(ImageIndex.Kept kept) {
    CachedImage cached = wanted.cached();
    return cached != null
            && cached.digest().equals(kept.manifest())
            && progress.registryBytes() == 0
        ? Optional.of(cached.cache())
        : Optional.empty();
  }

  private FetchedImage byEngine(FetchFailure failure)
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException {
    if (failure.reason().equals(FetchFailure.INVALID_NAME)) {
      throw failure;
    }
    String name = ImageRoom.name("engine " + wanted.account(), image.toString());
    try {
      String id = tools.store().pull(image, access.credential(), name, time.left(), fence);
      return note(
          new ImageIndex.Kept(
              "engine://" + image.host() + "/" + image.repository(), id, id, List.of()));
    } catch (FetchFailure second) {
      second.addSuppressed(failure);
      throw second;
    }
  }
}
