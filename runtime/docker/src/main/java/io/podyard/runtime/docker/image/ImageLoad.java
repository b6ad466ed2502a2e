package io.podyard.runtime.docker.image;

import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.image.ContentStore.Lease;
import io.podyard.runtime.docker.image.Manifest.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/** Gathers the parts of one image and gives them to the engine, all checked. */
final class ImageLoad {

  private static final long LARGEST_CONFIG = 16L << 20;

  private final FetchTools tools;
  private final RegistrySession session;
  private final String origin;
  private final FetchProgress progress;
  private final FetchTime time;
  private final Fence fence;

  ImageLoad(
      FetchTools tools,
      RegistrySession session,
      String origin,
      FetchProgress progress,
      FetchTime time,
      Fence fence) {
    this.tools = tools;
    this.session = session;
    this.origin = origin;
    this.progress = progress;
    this.time = time;
    this.fence = fence;
  }

  /**
   * @param name under which the engine is to keep it
   * @return the engine's id
   */
  String load(Manifest.Single single, String name)
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
    Map<String, Lease> leases = gathered(single);
    try {
      byte[] config = config(single, leases);
      JsonNode unpacked = RegistryJson.parse(config).path("rootfs").path("diff_ids");
      List<DockerArchive.Layer> layers = new ArrayList<>();
      for (Descriptor layer : single.layers()) {
        Lease lease = Objects.requireNonNull(leases.get(layer.digest()));
        check(lease, unpacked.path(layers.size()).asString(""));
        layers.add(DockerArchive.Layer.of(layer, lease.file()));
      }
      time.check();
      String id = single.config().digest();
      // Engines that name images by their configuration have this one, however it came.
      if (tools.store().has(id) && tools.store().tag(id, name, fence)) {
        return id;
      }
      return tools.store().load(new DockerArchive(config, layers), name, time.left(), fence);
    } finally {
      leases.values().forEach(Lease::close);
    }
  }

  private void check(Lease layer, String unpackedDigest) throws FetchFailure {
    if (!tools.content().isChecked(layer, unpackedDigest)) {
      new LayerCheck(time, tools.limits().mostBytes()).check(layer.file(), unpackedDigest);
      tools.content().noteChecked(layer, unpackedDigest);
    }
  }

  /** The configuration lists what the layers are once unpacked; the two lists must agree. */
  private static byte[] config(Manifest.Single single, Map<String, Lease> leases)
      throws FetchFailure {
    Lease lease = Objects.requireNonNull(leases.get(single.config().digest()));
    byte[] config;
    try {
      config = Files.readAllBytes(lease.file());
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

  /** All parts, each what its digest says: what was spoiled here is fetched once more. */
  private Map<String, Lease> gathered(Manifest.Single single)
      throws FetchFailure, InterruptedException {
    Map<String, Lease> leases = gather(single);
    boolean whole = false;
    try {
      whole = areWhole(leases);
      if (whole) {
        return leases;
      }
    } finally {
      if (!whole) {
        for (Lease lease : leases.values()) {
          progress.add(-lease.blob().size());
          lease.close();
        }
      }
    }
    return gather(single);
  }

  private boolean areWhole(Map<String, Lease> leases) throws FetchFailure {
    boolean whole = true;
    for (Lease lease : leases.values()) {
      whole &= !lease.kept() || tools.content().whole(lease, time);
    }
    return whole;
  }

  private Map<String, Lease> gather(Manifest.Single single)
      throws FetchFailure, InterruptedException {
    List<Descriptor> blobs = new ArrayList<>();
    blobs.add(single.config());
    blobs.addAll(single.layers());
    Map<String, Future<Lease>> running = new LinkedHashMap<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            tools.limits().parallelLayers(),
            Thread.ofVirtual().name("podyard-layer-", 0).factory())) {
      for (Descriptor blob : blobs) {
        running.computeIfAbsent(blob.digest(), _ -> threads.submit(() -> take(blob)));
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

  private static Map<String, Lease> collect(
      Map<String, Future<Lease>> running, ExecutorService threads)
      throws ExecutionException, InterruptedException {
    Map<String, Lease> leases = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Future<Lease>> one : running.entrySet()) {
        leases.put(one.getKey(), one.getValue().get());
      }
      return leases;
    } catch (ExecutionException | InterruptedException e) {
      threads.shutdownNow();
      throw e;
    }
  }

  private Lease take(Descriptor blob) throws FetchFailure, InterruptedException {
    Lease lease =
        tools
            .content()
            .take(
                origin,
                blob,
                time,
                part -> new BlobDownload(session, blob, progress, time, part).run());
    if (lease.kept()) {
      progress.add(blob.size());
    }
    return lease;
  }

  /** Lets go of what is there; the threads have ended when this is called. */
  private static void giveUp(Map<String, Future<Lease>> running) {
    for (Future<Lease> one : running.values()) {
      one.cancel(true);
      if (one.state() == Future.State.SUCCESS) {
        one.resultNow().close();
      }
    }
  }
}
