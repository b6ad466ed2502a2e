package io.podyard.controlplane.metric;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads what a {@link PackWriter} wrote. */
final class PackReader {

  /** Far above what the records of one row can be; more is no pack of ours. */
  private static final int LARGEST = 16 << 20;

  private final byte[] bytes;
  private int next;

  private PackReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @throws IllegalArgumentException if these bytes are no pack; so do all that read from it
   */
  static PackReader of(byte[] pack) {
    return new PackReader(opened(pack));
  }

  private int read() {
    if (next >= bytes.length) {
      throw new IllegalArgumentException("a pack of metrics ends too early");
    }
    return bytes[next++] & 0xff;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int part = read();
      value |= (long) (part & 0x7f) << shift;
      if (part < 0x80) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new IllegalArgumentException("a number in a pack of metrics has no end");
  }

  String text() {
    int length = (int) number();
    if (length < 0 || length > bytes.length - next) {
      throw new IllegalArgumentException("a pack of metrics ends too early");
    }
    String text = new String(bytes, next, length, StandardCharsets.UTF_8);
    next += length;
    return text;
  }

  List<String> texts() {
    long count = number();
    List<String> texts = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  private static byte[] opened(byte[] pack) {
    if (pack.length == 0 || (pack[0] != PackWriter.PLAIN && pack[0] != PackWriter.DEFLATED)) {
      throw new IllegalArgumentException("no pack of metrics of a known version");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (pack[0] == PackWriter.PLAIN) {
      out.write(pack, 1, pack.length - 1);
      return out.toByteArray();
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(pack, 1, pack.length - 1);
      byte[] part = new byte[4096];
      while (!inflater.finished()) {
        int read = inflater.inflate(part);
        out.write(part, 0, read);
        if (read == 0 && !inflater.finished() || out.size() > LARGEST) {
          throw new IllegalArgumentException("a pack of metrics is broken");
        }
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a pack of metrics is broken", e);
    } finally {
      inflater.end();
    }
  }
}
