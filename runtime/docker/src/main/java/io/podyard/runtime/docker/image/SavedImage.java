package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.web.SentBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An image as an engine saves it, in the older form (a folder for each layer) or the newer (an OCI
 * layout with the same list in front). Layers are packed while they come in: equal layers are
 * packed to equal bytes, so registries know them again.
 *
 * @param config the image's configuration
 * @param layers the lowest first
 */
record SavedImage(JsonNode config, List<PackedLayer> layers) {

  /** Configurations and lists are smaller; so are small layers, which are kept in memory too. */
  private static final int SMALL = 1 << 20;

  private static final long MOST_IN_MEMORY = 32L << 20;
  private static final int MOST_ENTRIES = 5_000;

  /**
   * @param diffId digest of the layer before it was packed
   * @param digest of the packed layer
   * @param size of the packed layer
   */
  record PackedLayer(String diffId, String digest, long size, SentBody.Bytes bytes) {}

  /**
   * Reads what an engine sends.
   *
   * @param folder empty, for the packed layers
   * @param mostBytes of all layers together, unpacked
   */
  static SavedImage read(InputStream in, Path folder, long mostBytes, FetchTime time)
      throws FetchFailure, IOException {
    Map<String, byte[]> small = new HashMap<>();
    Map<String, PackedLayer> large = new HashMap<>();
    Map<String, String> links = new HashMap<>();
    long inMemory = 0;
    long bytes = 0;
    int entries = 0;
    TarArchiveInputStream tar = new TarArchiveInputStream(in);
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      time.check();
      bytes += entry.getSize();
      if (++entries > MOST_ENTRIES || bytes > mostBytes) {
        throw FetchFailure.pull("the image has more than %d bytes".formatted(mostBytes));
      }
      String name = entry.getName();
      if (entry.isSymbolicLink() || entry.isLink()) {
        links.put(name, entry.isLink() ? entry.getLinkName() : beside(name, entry.getLinkName()));
      } else if (entry.isFile()) {
        boolean fits = inMemory + entry.getSize() <= MOST_IN_MEMORY || name.endsWith(".json");
        if (entry.getSize() <= SMALL && fits) {
          inMemory += entry.getSize();
          small.put(name, tar.readAllBytes());
        } else {
          large.put(name, packed(tar, folder.resolve(large.size() + ".gz"), time));
        }
      }
    }
    return assembled(small, large, links);
  }

  private static String beside(String name, String target) {
    return Path.of(name).resolveSibling(target).normalize().toString();
  }

  private static SavedImage assembled(
      Map<String, byte[]> small, Map<String, PackedLayer> large, Map<String, String> links)
      throws FetchFailure, IOException {
    JsonNode image = RegistryJson.parse(file(small, links, "manifest.json")).path(0);
    JsonNode config = RegistryJson.parse(file(small, links, image.path("Config").asString("")));
    JsonNode diffIds = config.path("rootfs").path("diff_ids");
    List<PackedLayer> layers = new ArrayList<>();
    for (JsonNode listed : image.path("Layers")) {
      String name = links.getOrDefault(listed.asString(""), listed.asString(""));
      PackedLayer layer = large.get(name);
      if (layer == null) {
        layer = packed(file(small, links, name));
        large.put(name, layer);
      }
      if (!layer.diffId().equals(diffIds.path(layers.size()).asString(""))) {
        throw FetchFailure.pull("the engine gave a layer that its image does not name");
      }
      layers.add(layer);
    }
    if (layers.size() != diffIds.size() || layers.isEmpty()) {
      throw FetchFailure.pull("the engine gave an image without some of its layers");
    }
    return new SavedImage(config, List.copyOf(layers));
  }

  private static byte[] file(Map<String, byte[]> small, Map<String, String> links, String name)
      throws FetchFailure {
    byte @Nullable [] content = small.get(links.getOrDefault(name, name));
    if (content == null) {
      throw FetchFailure.pull("the engine gave an image without " + name);
    }
    return content;
  }

  private static PackedLayer packed(InputStream content, Path file, FetchTime time)
      throws FetchFailure, IOException {
    MessageDigest before = Digest.algorithm("sha256:");
    MessageDigest after = Digest.algorithm("sha256:");
    try (OutputStream out =
        new GZIPOutputStream(new DigestOutputStream(Files.newOutputStream(file), after))) {
      DigestInputStream in = new DigestInputStream(content, before);
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        time.check();
        out.write(buffer, 0, n);
      }
    }
    return new PackedLayer(
        hex(before), hex(after), Files.size(file), () -> Files.newInputStream(file));
  }

  private static PackedLayer packed(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    }
    byte[] bytes = packed.toByteArray();
    return new PackedLayer(
        Digest.sha256(content),
        Digest.sha256(bytes),
        bytes.length,
        () -> new ByteArrayInputStream(bytes));
  }

  private static String hex(MessageDigest digest) {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }
}
