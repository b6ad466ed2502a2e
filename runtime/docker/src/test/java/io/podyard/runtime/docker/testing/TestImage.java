package io.podyard.runtime.docker.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * An image as a registry has it.
 *
 * @param layers packed
 */
public record TestImage(byte[] config, List<byte[]> layers, byte[] manifest, String mediaType) {

  public static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
  public static final String OCI = "application/vnd.oci.image.manifest.v1+json";

  /** An image with these files, one layer for each. */
  public static TestImage of(String mediaType, String architecture, Map<String, byte[]> files) {
    List<byte[]> unpacked = new ArrayList<>();
    new TreeMap<>(files)
        .forEach((name, content) -> unpacked.add(tar(Map.of(name, content), Map.of())));
    return ofLayers(mediaType, architecture, unpacked);
  }

  /** An image with one program and links to it. */
  public static TestImage ofProgram(
      String architecture, String path, byte[] program, Map<String, String> links) {
    return ofLayers(DOCKER, architecture, List.of(tar(Map.of(path, program), links)));
  }

  /** An image with these files, all of them executable, in one layer. */
  public static TestImage ofFiles(String architecture, Map<String, byte[]> files) {
    return ofLayers(DOCKER, architecture, List.of(tar(files, Map.of())));
  }

  private static TestImage ofLayers(String mediaType, String architecture, List<byte[]> unpacked) {
    List<byte[]> packed = unpacked.stream().map(TestImage::gzip).toList();
    String diffs = String.join(",", unpacked.stream().map(l -> "\"" + digest(l) + "\"").toList());
    byte[] config =
        """
        {"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["sh"]},\
        "rootfs":{"type":"layers","diff_ids":[%s]},"history":[]}\
        """
            .formatted(architecture, diffs)
            .getBytes(StandardCharsets.UTF_8);
    return ofParts(mediaType, config, packed);
  }

  private static TestImage ofParts(String mediaType, byte[] config, List<byte[]> packed) {
    boolean oci = mediaType.equals(OCI);
    String configType =
        oci
            ? "application/vnd.oci.image.config.v1+json"
            : "application/vnd.docker.container.image.v1+json";
    String layerType =
        oci
            ? "application/vnd.oci.image.layer.v1.tar+gzip"
            : "application/vnd.docker.image.rootfs.diff.tar.gzip";
    String layers = String.join(",", packed.stream().map(l -> descriptor(layerType, l)).toList());
    byte[] manifest =
        """
        {"schemaVersion":2,%s"config":%s,"layers":[%s]}\
        """
            .formatted(
                oci ? "" : "\"mediaType\":\"" + mediaType + "\",",
                descriptor(configType, config),
                layers)
            .getBytes(StandardCharsets.UTF_8);
    return new TestImage(config, packed, manifest, mediaType);
  }

  /** An image with layers of these bytes, which need not be archives. */
  public static TestImage ofUnpacked(String architecture, byte[]... layers) {
    return ofLayers(DOCKER, architecture, List.of(layers));
  }

  /** The layers of one image under the configuration of another. */
  public static TestImage withConfigOf(TestImage layers, TestImage config) {
    return ofParts(layers.mediaType(), config.config(), layers.layers());
  }

  /** An image whose only layer is something else. */
  public static TestImage withLayer(TestImage image, byte[] layer) {
    return ofParts(image.mediaType(), image.config(), List.of(layer));
  }

  private static String descriptor(String mediaType, byte[] bytes) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(mediaType, digest(bytes), bytes.length);
  }

  /** A list that names an image for each architecture. */
  public static byte[] list(Map<String, TestImage> images) {
    List<String> entries = new ArrayList<>();
    new TreeMap<>(images)
        .forEach(
            (architecture, image) ->
                entries.add(
                    """
                    {"mediaType":"%s","digest":"%s","size":%d,\
                    "platform":{"os":"linux","architecture":"%s"}}\
                    """
                        .formatted(
                            image.mediaType(),
                            digest(image.manifest()),
                            image.manifest().length,
                            architecture)));
    return "{\"schemaVersion\":2,\"manifests\":[%s]}"
        .formatted(String.join(",", entries))
        .getBytes(StandardCharsets.UTF_8);
  }

  public static String digest(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] tar(Map<String, byte[]> files, Map<String, String> links) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setMode(0755);
        entry.setModTime(0);
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
      for (Map.Entry<String, String> link : new TreeMap<>(links).entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(link.getKey(), TarConstants.LF_SYMLINK);
        entry.setLinkName(link.getValue());
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return packed.toByteArray();
  }
}
