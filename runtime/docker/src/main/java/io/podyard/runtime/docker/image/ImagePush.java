package io.podyard.runtime.docker.image;

import io.podyard.runtime.Fence;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.image.SavedImage.PackedLayer;
import io.podyard.runtime.docker.web.Pause;
import io.podyard.runtime.docker.web.SentBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings images from an engine to registries, in the same way that they are fetched: with the
 * credentials, plain HTTP and deadlines of the order, whatever the engine is set to.
 */
public final class ImagePush implements AutoCloseable {

  private static final String LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
  private static final String CONFIG = "application/vnd.docker.container.image.v1+json";

  /** What an engine notes of the container; it is nobody's business who gets the image. */
  private static final List<String> OF_THE_CONTAINER = List.of("container", "container_config");

  private final Path folder;
  private final FetchLimits limits;
  private final RegistryHttp http;
  private boolean emptied;

  /** An engine that gives an image away. */
  @FunctionalInterface
  public interface Source {

    /** Hands over the image's archive while it comes. */
    void save(Sink sink) throws RuntimeUnavailableException, StaleFenceException;
  }

  /** Who takes an archive. */
  @FunctionalInterface
  public interface Sink {
    void take(InputStream archive) throws IOException;
  }

  /**
   * @param folder of this process alone; emptied before the first push, for a killed process may
   *     have left something
   */
  public ImagePush(Path folder, FetchLimits limits) {
    this.folder = folder;
    this.limits = limits;
    this.http = new RegistryHttp(limits, new SecureRandom());
  }

  /** Not before the first push: who only looks at an engine must not touch another's files. */
  private synchronized void empty() throws IOException {
    if (!emptied) {
      delete(folder);
      emptied = true;
    }
  }

  /**
   * Pushes an image under the order's name.
   *
   * @param source of the image
   * @param base configuration that the image gets instead of the one its container had
   * @param fence asked before the image gets its name in the registry: somebody else may have given
   *     that name to another one since
   * @throws FetchFailure if it cannot be pushed; the message says why
   */
  public void push(PushOrder order, Source source, JsonNode base, Fence fence)
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException, InterruptedException {
    ImageReference image = ImageReference.parse(order.image());
    FetchTime time = FetchTime.ofPush(order.timeout(), Pause.SLEEP);
    RegistrySession session =
        new RegistrySession(http, RegistryAccess.of(image, order), time, "pull,push");
    Path own = folder.resolve(Digest.hex(order.task()));
    try {
      empty();
      delete(own);
      Files.createDirectories(own);
      SavedImage saved = saved(source, own, time);
      upload(saved, config(saved.config(), base), image, new RegistryUpload(session), fence);
    } catch (IOException e) {
      throw new RuntimeUnavailableException("the image cannot be kept for a while: " + e, e);
    } finally {
      cleanUp(own);
    }
  }

  private SavedImage saved(Source source, Path own, FetchTime time)
      throws FetchFailure, RuntimeUnavailableException, StaleFenceException {
    SavedImage[] saved = new SavedImage[1];
    FetchFailure[] failure = new FetchFailure[1];
    source.save(
        archive -> {
          try {
            saved[0] = SavedImage.read(archive, own, limits.mostBytes(), time);
          } catch (FetchFailure e) {
            failure[0] = e;
          }
        });
    if (failure[0] != null) {
      throw failure[0];
    }
    return saved[0];
  }

  private static void upload(
      SavedImage saved, byte[] config, ImageReference image, RegistryUpload upload, Fence fence)
      throws FetchFailure, StaleFenceException, InterruptedException {
    Map<String, PackedLayer> layers = new LinkedHashMap<>();
    saved.layers().forEach(layer -> layers.putIfAbsent(layer.digest(), layer));
    for (PackedLayer layer : layers.values()) {
      fence.check();
      upload.blob(layer.digest(), new SentBody(layer.size(), layer.bytes()));
    }
    String digest = Digest.sha256(config);
    upload.blob(digest, new SentBody(config.length, () -> new ByteArrayInputStream(config)));
    byte[] manifest = manifest(saved.layers(), digest, config.length);
    fence.check();
    upload.manifest(image.target(), Manifest.DOCKER_IMAGE, manifest);
  }

  private static byte[] config(JsonNode made, JsonNode base) throws FetchFailure {
    if (!(made instanceof ObjectNode config)) {
      throw FetchFailure.pull("the engine gave an image without a configuration");
    }
    config.remove(OF_THE_CONTAINER);
    config.set("config", base);
    if (config.path("history") instanceof ArrayNode history
        && !history.isEmpty()
        && history.get(history.size() - 1) instanceof ObjectNode last) {
      // The engine writes the container's command line here.
      last.put("created_by", "podyard commit");
    }
    return RegistryJson.MAPPER.writeValueAsBytes(config);
  }

  private static byte[] manifest(List<PackedLayer> layers, String config, long configSize) {
    ObjectNode manifest = RegistryJson.MAPPER.createObjectNode();
    manifest.put("schemaVersion", 2);
    manifest.put("mediaType", Manifest.DOCKER_IMAGE);
    manifest
        .putObject("config")
        .put("mediaType", CONFIG)
        .put("size", configSize)
        .put("digest", config);
    ArrayNode listed = manifest.putArray("layers");
    for (PackedLayer layer : layers) {
      listed
          .addObject()
          .put("mediaType", LAYER)
          .put("size", layer.size())
          .put("digest", layer.digest());
    }
    return RegistryJson.MAPPER.writeValueAsBytes(manifest);
  }

  private static void cleanUp(Path folder) {
    try {
      delete(folder);
    } catch (IOException e) {
      System.getLogger(ImagePush.class.getName())
          .log(System.Logger.Level.WARNING, "cannot remove " + folder, e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Gives up all pushes. */
  @Override
  public void close() {
    http.close();
  }
}
