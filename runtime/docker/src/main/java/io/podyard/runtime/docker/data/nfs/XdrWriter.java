package io.podyard.runtime.docker.data.nfs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes values as RFC 4506 has them. */
final class XdrWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  XdrWriter integer(int value) {
    out.write(value >>> 24);
    out.write(value >>> 16);
    out.write(value >>> 8);
    out.write(value);
    return this;
  }

  XdrWriter hyper(long value) {
    return integer((int) (value >>> 32)).integer((int) value);
  }

  /** Without a length before them. */
  XdrWriter fixed(byte[] bytes) {
    out.writeBytes(bytes);
    for (int i = bytes.length; i % 4 != 0; i++) {
      out.write(0);
    }
    return this;
  }

  XdrWriter opaque(byte[] bytes) {
    return integer(bytes.length).fixed(bytes);
  }

  XdrWriter string(String text) {
    return opaque(text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
