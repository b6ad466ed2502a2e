package io.podyard.controlplane.metric;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;

/** Writes numbers as 1 to 10 bytes: small ones, also negative ones, are short. */
final class PackWriter {

  /** The first byte: how the rest is to be read. */
  static final int PLAIN = 1;

  static final int DEFLATED = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  void number(long value) {
    long left = (value << 1) ^ (value >> 63);
    while ((left & ~0x7fL) != 0) {
      out.write((int) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    out.write(bytes, 0, bytes.length);
  }

  /** All of it, deflated where that makes it smaller. */
  byte[] bytes() {
    return enveloped(out.toByteArray());
  }

  private static byte[] enveloped(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length + 1);
    out.write(DEFLATED);
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(plain);
      deflater.finish();
      byte[] part = new byte[4096];
      while (!deflater.finished()) {
        out.write(part, 0, deflater.deflate(part));
      }
    } finally {
      deflater.end();
    }
    if (out.size() <= plain.length) {
      return out.toByteArray();
    }
    out.reset();
    out.write(PLAIN);
    out.write(plain, 0, plain.length);
    return out.toByteArray();
  }
}
