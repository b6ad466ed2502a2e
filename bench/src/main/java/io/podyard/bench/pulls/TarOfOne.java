package io.podyard.bench.pulls;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An archive (ustar) of one file that anybody may run. */
final class TarOfOne {

  private static final int BLOCK = 512;
  private static final int CHECKSUM = 148;

  private TarOfOne() {}

  static byte[] of(String name, byte[] content) {
    int blocks = (content.length + BLOCK - 1) / BLOCK;
    // Two empty blocks are the end.
    byte[] tar = new byte[(1 + blocks + 2) * BLOCK];
    put(tar, 0, name);
    put(tar, 100, "0000755\0");
    put(tar, 108, "0000000\0");
    put(tar, 116, "0000000\0");
    put(tar, 124, "%011o\0".formatted(content.length));
    put(tar, 136, "00000000000\0");
    put(tar, 156, "0");
    put(tar, 257, "ustar\00000");
    // The sum counts itself as blanks.
    Arrays.fill(tar, CHECKSUM, CHECKSUM + 8, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += tar[i] & 0xff;
    }
    put(tar, CHECKSUM, "%06o\0 ".formatted(sum));
    System.arraycopy(content, 0, tar, BLOCK, content.length);
    return tar;
  }

  private static void put(byte[] tar, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, tar, at, bytes.length);
  }
}
