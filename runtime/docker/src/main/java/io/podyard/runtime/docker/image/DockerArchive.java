package io.podyard.runtime.docker.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image as {@code docker load} takes it.
 *
 * @param config the image's configuration, byte by byte
 * @param layers compressed or not, in their order
 */
public record DockerArchive(byte[] config, List<Layer> layers) {

  public DockerArchive {
    layers = List.copyOf(layers);
  }

  /** Where bytes come from, as often as needed. */
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }

  /** One layer and where its bytes are. */
  public record Layer(String digest, long size, Source source) {

    public static Layer of(byte[] bytes) {
      return new Layer(Digest.sha256(bytes), bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    static Layer of(Manifest.Descriptor descriptor, Path file) {
      return new Layer(descriptor.digest(), descriptor.size(), () -> Files.newInputStream(file));
    }

    private String path() {
      return "layers/" + hex(digest) + ".tar";
    }
  }

  /**
   * @param names under which the engine is to keep it
   */
  public void write(List<String> names, OutputStream out) throws IOException {
    String configName = hex(Digest.sha256(config)) + ".json";
    Map<String, Layer> files = new LinkedHashMap<>();
    layers.forEach(layer -> files.putIfAbsent(layer.path(), layer));
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("Config", configName);
    manifest.put("RepoTags", names);
    manifest.put("Layers", layers.stream().map(Layer::path).toList());
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      entry(
          tar, "manifest.json", Layer.of(RegistryJson.MAPPER.writeValueAsBytes(List.of(manifest))));
      entry(tar, configName, Layer.of(config));
      for (Map.Entry<String, Layer> file : files.entrySet()) {
        entry(tar, file.getKey(), file.getValue());
      }
    }
  }

  private static void entry(TarArchiveOutputStream tar, String name, Layer content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setModTime(0);
    entry.setSize(content.size());
    tar.putArchiveEntry(entry);
    try (InputStream in = content.source().open()) {
      in.transferTo(tar);
    }
    tar.closeArchiveEntry();
  }

  private static String hex(String digest) {
    return digest.substring(digest.indexOf(':') + 1);
  }
}
