package io.podyard.runtime.docker.image;

import io.podyard.model.AccountId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.image.Manifest.Descriptor;
import io.podyard.runtime.docker.image.RegistrySession.ManifestAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One run of fetching one image for one account, from its name to the engine. */
final class ImageFetch {

  private static final long LARGEST_CONFIG = 16L << 20;

  private final FetchTools tools;
  private final WantedImage wanted;
  private final ImageReference image;
  private final RegistryAccess access;
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
    this.progress = progress;
    this.time = time;
    this.fence = fence;
    this.session = new RegistrySession(tools.http(), access, tools.limits(), time);
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

  /** What the engine has of the image that is wanted, without a word to the registry. */
  private Optional<FetchedImage> fromCache() throws RuntimeUnavailableException {
    CachedImage cached = wanted.cached();
    if (cached == null) {
      return Optional.empty();
    }
    Optional<ImageIndex.Usable> usable =
        tools.index().usable(wanted.account(), image, cached.digest());
    if (usable.isEmpty() || !tools.store().has(usable.get().imageId())) {
      return Optional.empty();
    }
    // The name stands for this one from now on, as if it had been asked for.
    return Optional.of(note(usable.get().image()));
  }

  private FetchedImage fromRegistry()
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException, InterruptedException {
    String origin = access.origin();
    if (tools.index().knowsOrigin(origin)) {
      // Registries count what is downloaded, not what is only asked about.
      Optional<String> digest = session.digestOf(image.target());
      Optional<FetchedImage> reused =
          digest.isPresent() ? reused(origin, digest.get()) : Optional.empty();
      if (reused.isPresent()) {
        return reused.get();
      }
    }
    ManifestAnswer answer = session.manifest(image.target());
    try (KeyedLocks.Held _ = tools.images().lock(origin + "@" + answer.digest(), time)) {
      Optional<FetchedImage> reused = reused(origin, answer.digest());
      if (reused.isPresent()) {
        return reused.get();
      }
      Manifest.Single single = single(answer.manifest());
      String name = name(origin, answer.digest());
      return note(new ImageIndex.Kept(origin, answer.digest(), load(single, name), single.parts()));
    }
  }

  /** What the engine has of what the registry would send, from this very origin. */
  private Optional<FetchedImage> reused(String origin, String digest)
      throws FetchFailure, RuntimeUnavailableException, InterruptedException {
    ImageIndex.Kept kept = tools.index().known(origin, digest).orElse(null);
    if (kept == null || !tools.store().has(kept.imageId())) {
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

  private FetchedImage note(ImageIndex.Kept kept) {
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

  private static String name(String origin, String digest) {
    return ImageReference.OWN_HOST + "/image:" + Digest.hex(origin + "@" + digest);
  }

  private Manifest.Single single(Manifest manifest)
      throws FetchFailure, RuntimeUnavailableException, InterruptedException {
    return switch (manifest) {
      case Manifest.Single single -> single;
      case Manifest.Several several -> {
        Descriptor chosen = several.choose(tools.store().architecture());
        Manifest inner = session.manifest(chosen.digest()).manifest();
        if (inner instanceof Manifest.Single single) {
          yield single;
        }
        throw FetchFailure.pull("the image's manifest list names another list");
      }
    };
  }

  private String load(Manifest.Single single, String name)
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException, InterruptedException {
    if (single.bytes() > tools.limits().mostBytes() || single.config().size() > LARGEST_CONFIG) {
      throw FetchFailure.pull(
          "the image has "
              + single.bytes()
              + " bytes, and "
              + tools.limits().mostBytes()
              + " are the most that is fetched");
    }
    progress.expect(single.bytes());
    Map<String, Spool.Lease> leases = download(single);
    try {
      byte[] config = config(single, leases);
      JsonNode unpacked = RegistryJson.parse(config).path("rootfs").path("diff_ids");
      LayerCheck check = new LayerCheck(time, tools.limits().mostBytes());
      List<DockerArchive.Layer> layers = new ArrayList<>();
      for (Descriptor layer : single.layers()) {
        Spool.Lease lease = Objects.requireNonNull(leases.get(layer.digest()));
        check.check(lease.file(), unpacked.path(layers.size()).asString(""));
        layers.add(DockerArchive.Layer.of(layer, lease.file()));
      }
      time.check();
      return tools.store().load(new DockerArchive(config, layers), name, time.left(), fence);
    } finally {
      leases.values().forEach(Spool.Lease::close);
    }
  }

  /** The configuration lists what the layers are once unpacked; the two lists must agree. */
  private static byte[] config(Manifest.Single single, Map<String, Spool.Lease> leases)
      throws FetchFailure {
    Spool.Lease lease = leases.get(single.config().digest());
    byte[] config;
    try {
      config = lease == null ? new byte[0] : Files.readAllBytes(lease.file());
    } catch (IOException e) {
      throw FetchFailure.pull("the image's configuration cannot be read", e);
    }
    JsonNode json = RegistryJson.parse(config);
    int unpacked = json.path("rootfs").path("diff_ids").size();
    if (unpacked != single.layers().size()) {
      throw FetchFailure.pull(
          "the image has "
              + single.layers().size()
              + " layers, but its configuration speaks of "
              + unpacked);
    }
    return config;
  }

  private Map<String, Spool.Lease> download(Manifest.Single single)
      throws FetchFailure, InterruptedException {
    List<Descriptor> blobs = new ArrayList<>();
    blobs.add(single.config());
    blobs.addAll(single.layers());
    Map<String, Future<Spool.Lease>> running = new LinkedHashMap<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            tools.limits().parallelLayers(),
            Thread.ofVirtual().name("podyard-layer-", 0).factory())) {
      for (Descriptor blob : blobs) {
        running.computeIfAbsent(blob.digest(), _ -> threads.submit(() -> download(blob)));
      }
      return collect(running, threads);
    } catch (ExecutionException e) {
      giveUp(running);
      if (e.getCause() instanceof FetchFailure failure) {
        throw failure;
      }
      throw FetchFailure.pull("a layer cannot be fetched: " + e.getCause(), e);
    } catch (InterruptedException e) {
      giveUp(running);
      throw e;
    }
  }

  private static Map<String, Spool.Lease> collect(
      Map<String, Future<Spool.Lease>> running, ExecutorService threads)
      throws ExecutionException, InterruptedException {
    Map<String, Spool.Lease> leases = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Future<Spool.Lease>> one : running.entrySet()) {
        leases.put(one.getKey(), one.getValue().get());
      }
      return leases;
    } catch (ExecutionException | InterruptedException e) {
      threads.shutdownNow();
      throw e;
    }
  }

  private Spool.Lease download(Descriptor blob) throws FetchFailure, InterruptedException {
    String key = access.origin() + "@" + blob.digest();
    return tools
        .spool()
        .take(key, time, part -> new BlobDownload(session, blob, progress, time, part).run());
  }

  /** Lets go of what is there; the threads have ended when this is called. */
  private static void giveUp(Map<String, Future<Spool.Lease>> running) {
    for (Future<Spool.Lease> one : running.values()) {
      one.cancel(true);
      if (one.state() == Future.State.SUCCESS) {
        one.resultNow().close();
      }
    }
  }

  private FetchedImage byEngine(FetchFailure failure)
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException {
    if (failure.reason().equals(FetchFailure.INVALID_NAME)) {
      throw failure;
    }
    String name = ImageReference.OWN_HOST + "/image:" + engineKey(wanted.account());
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

  private String engineKey(@Nullable AccountId account) {
    return Digest.hex("engine " + account + " " + image);
  }
}
