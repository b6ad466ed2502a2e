package io.podyard.runtime.docker.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;

/**
 * Checks that a layer is what the image's configuration says it is once unpacked. An engine that
 * has a layer of that name already never looks at the one it is given; without this check, whoever
 * knows the names of somebody else's layers could have them.
 */
final class LayerCheck {

  private static final int GZIP = 0x1f8b;
  private static final int ZSTD = 0x28b5;

  private final FetchTime time;
  private final long mostBytes;

  /**
   * @param mostBytes largest size of a layer once unpacked
   */
  LayerCheck(FetchTime time, long mostBytes) {
    this.time = time;
    this.mostBytes = mostBytes;
  }

  /**
   * @param unpackedDigest as the configuration has it
   * @throws FetchFailure if the layer is another one, or cannot be unpacked here
   */
  void check(Path layer, String unpackedDigest) throws FetchFailure {
    if (!Digest.isValid(unpackedDigest)) {
      throw FetchFailure.pull("the image's configuration names a layer without a digest");
    }
    MessageDigest digest = Digest.algorithm(unpackedDigest);
    try (InputStream file = new BufferedInputStream(Files.newInputStream(layer), 1 << 16);
        InputStream unpacked = unpacked(file)) {
      byte[] buffer = new byte[1 << 16];
      long size = 0;
      for (int n = unpacked.read(buffer); n >= 0; n = unpacked.read(buffer)) {
        time.check();
        size += n;
        if (size > mostBytes) {
          throw FetchFailure.pull(
              "the image has a layer of more than " + mostBytes + " bytes once unpacked");
        }
        digest.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw FetchFailure.pull(
          "the image has a layer that cannot be unpacked: " + e.getMessage(), e);
    }
    if (!Digest.matches(unpackedDigest, digest)) {
      throw FetchFailure.pull(
          "the image has a layer that is not the one of its configuration, " + unpackedDigest);
    }
  }

  private static InputStream unpacked(InputStream file) throws FetchFailure, IOException {
    file.mark(2);
    int magic = file.read() << 8 | file.read();
    file.reset();
    return switch (magic) {
      case GZIP -> new GZIPInputStream(file, 1 << 16);
      case ZSTD ->
          throw FetchFailure.pull(
              "the image has a layer packed by zstd, which cannot be checked here");
      default -> file;
    };
  }
}
