package io.podyard.bench.pulls;

import io.podyard.bench.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * An image of which nothing was seen before: a program that sleeps, and layers of bytes by chance.
 *
 * @param repository its name without registry and tag
 * @param blobs configuration and layers by their digests
 */
record MadeImage(String repository, byte[] manifest, Map<String, byte[]> blobs) {

  static final String TAG = "1";
  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  private static final String PROGRAMS =
      "runtime/docker/src/main/resources/io/podyard/runtime/docker/sandbox/sandbox-";

  /** A layer, as the configuration knows it and as the registry has it. */
  private record Layer(String unpackedDigest, byte[] packed) {}

  /** Nothing of it becomes smaller, so there is no use in trying. */
  private static final class Unpressed extends GZIPOutputStream {
    Unpressed(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.NO_COMPRESSION);
    }
  }

  /** Makes one with so many layers by chance of so many bytes each. */
  static MadeImage of(String repository, int layers, int bytesEach) {
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    List<Layer> all = new ArrayList<>();
    try {
      all.add(
          layer("sandbox", Files.readAllBytes(Settings.root().resolve(PROGRAMS + architecture))));
      SplittableRandom chance = new SplittableRandom();
      byte[] content = new byte[bytesEach];
      for (int i = 0; i < layers; i++) {
        chance.nextBytes(content);
        all.add(layer("content-" + i, content));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] config =
        """
        {"architecture":"%s","os":"linux",\
        "config":{"Env":["PATH=/"],"Entrypoint":["/sandbox"],"Cmd":["sleep","36000"]},\
        "rootfs":{"type":"layers","diff_ids":[%s]}}\
        """
            .formatted(
                architecture,
                String.join(
                    ",", all.stream().map(each -> "\"" + each.unpackedDigest() + "\"").toList()))
            .getBytes(StandardCharsets.UTF_8);
    Map<String, byte[]> blobs = new LinkedHashMap<>();
    blobs.put(Sha256.of(config), config);
    List<String> descriptors = new ArrayList<>();
    for (Layer each : all) {
      String digest = Sha256.of(each.packed());
      blobs.put(digest, each.packed());
      descriptors.add(descriptor("layer.v1.tar+gzip", digest, each.packed().length));
    }
    byte[] manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}\
        """
            .formatted(
                MANIFEST_TYPE,
                descriptor("config.v1+json", Sha256.of(config), config.length),
                String.join(",", descriptors))
            .getBytes(StandardCharsets.UTF_8);
    return new MadeImage(repository, manifest, blobs);
  }

  /** Of configuration and layers, as they are sent. */
  long bytes() {
    return blobs.values().stream().mapToLong(blob -> blob.length).sum();
  }

  private static String descriptor(String kind, String digest, int size) {
    return "{\"mediaType\":\"application/vnd.oci.image.%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(kind, digest, size);
  }

  private static Layer layer(String file, byte[] content) throws IOException {
    byte[] tar = TarOfOne.of(file, content);
    ByteArrayOutputStream packed = new ByteArrayOutputStream(tar.length + (1 << 16));
    try (GZIPOutputStream out = new Unpressed(packed)) {
      out.write(tar);
    }
    return new Layer(Sha256.of(tar), packed.toByteArray());
  }
}
