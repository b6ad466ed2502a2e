package io.podyard.runtime.docker.image;

import io.podyard.runtime.HeldLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What a registry says an image is. */
sealed interface Manifest {

  String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  String DOCKER_IMAGE = "application/vnd.docker.distribution.manifest.v2+json";
  String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  String OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
  String ACCEPT = String.join(", ", DOCKER_IMAGE, OCI_IMAGE, DOCKER_LIST, OCI_INDEX);

  int MOST_LAYERS = 500;

  /** Something that is known by its digest and has a known size. */
  record Descriptor(String mediaType, String digest, long size) {}

  /** One image for several architectures. */
  record Several(List<Platform> platforms) implements Manifest {

    /**
     * @param variant empty if none is given
     */
    record Platform(Descriptor image, String os, String architecture, String variant) {}

    /** The image for Linux on this architecture. */
    Descriptor choose(String architecture) throws FetchFailure {
      Descriptor other = null;
      for (Platform platform : platforms) {
        if (platform.os.equals("linux") && platform.architecture.equals(architecture)) {
          if (platform.variant.isEmpty() || platform.variant.equals("v8")) {
            return platform.image;
          }
          other = other == null ? platform.image : other;
        }
      }
      if (other != null) {
        return other;
      }
      throw FetchFailure.pull(
          "no matching manifest for linux/" + architecture + " in the manifest list entries");
    }
  }

  record Single(Descriptor config, List<Descriptor> layers) implements Manifest {

    long bytes() {
      return parts().stream().mapToLong(HeldLayer::bytes).sum();
    }

    /** Configuration and layers, each once. */
    List<HeldLayer> parts() {
      return Stream.concat(Stream.of(config), layers.stream())
          .map(part -> new HeldLayer(part.digest(), part.size()))
          .distinct()
          .toList();
    }
  }

  /**
   * @param contentType as the registry sent it; the document's own is preferred
   */
  static Manifest parse(byte[] body, String contentType) throws FetchFailure {
    JsonNode json = RegistryJson.parse(body);
    String type = json.path("mediaType").asString(contentType);
    int semicolon = type.indexOf(';');
    type = (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    if (json.path("schemaVersion").asInt(2) != 2) {
      throw FetchFailure.pull("the image's manifest is of an old format that no engine reads");
    }
    if (type.equals(DOCKER_LIST) || type.equals(OCI_INDEX) || json.path("manifests").isArray()) {
      return several(json);
    }
    if (json.path("config").isObject() && json.path("layers").isArray()) {
      return single(json);
    }
    throw FetchFailure.pull("the registry has something of type " + type + ", which is no image");
  }

  private static Several several(JsonNode json) throws FetchFailure {
    List<Several.Platform> platforms = new ArrayList<>();
    for (JsonNode entry : json.path("manifests")) {
      JsonNode platform = entry.path("platform");
      platforms.add(
          new Several.Platform(
              descriptor(entry),
              platform.path("os").asString(""),
              platform.path("architecture").asString(""),
              platform.path("variant").asString("")));
    }
    return new Several(List.copyOf(platforms));
  }

  private static Single single(JsonNode json) throws FetchFailure {
    List<Descriptor> layers = new ArrayList<>();
    for (JsonNode layer : json.path("layers")) {
      layers.add(descriptor(layer));
    }
    if (layers.size() > MOST_LAYERS) {
      throw FetchFailure.pull("the image has more than " + MOST_LAYERS + " layers");
    }
    return new Single(descriptor(json.path("config")), List.copyOf(layers));
  }

  private static Descriptor descriptor(JsonNode json) throws FetchFailure {
    String digest = json.path("digest").asString("");
    long size = json.path("size").asLong(-1);
    if (!Digest.isValid(digest) || size < 0) {
      throw FetchFailure.pull("the image's manifest names a part without digest or size");
    }
    return new Descriptor(json.path("mediaType").asString(""), digest, size);
  }
}
