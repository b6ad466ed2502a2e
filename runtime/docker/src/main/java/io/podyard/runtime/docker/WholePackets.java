package io.podyard.runtime.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Copies a capture in the format of libpcap up to its last whole packet: a capture that reached its
 * size, or was killed, ends in the middle of one, which readers take for damage.
 */
final class WholePackets {

  private static final int FILE_HEADER = 24;
  private static final int PACKET_HEADER = 16;

  /** Where a packet's header has the number of bytes that follow it. */
  private static final int CAPTURED = 8;

  private static final int LARGEST_PACKET = 1 << 18;
  private static final int MICROSECONDS = 0xA1B2C3D4;
  private static final int NANOSECONDS = 0xA1B23C4D;

  private WholePackets() {}

  /**
   * @return false if it does not even begin as a capture; nothing is written then
   * @throws IOException if it cannot be read
   * @throws UncheckedIOException if it cannot be written
   */
  static boolean copy(InputStream capture, OutputStream out) throws IOException {
    byte[] header = capture.readNBytes(FILE_HEADER);
    ByteOrder order = header.length < FILE_HEADER ? null : order(header);
    if (order == null) {
      return false;
    }
    write(out, header, header.length);
    byte[] packet = new byte[PACKET_HEADER + LARGEST_PACKET];
    while (capture.readNBytes(packet, 0, PACKET_HEADER) == PACKET_HEADER) {
      int size = ByteBuffer.wrap(packet).order(order).getInt(CAPTURED);
      if (size < 0 || size > LARGEST_PACKET) {
        throw new EOFException("the capture has no packet where one should be");
      }
      if (capture.readNBytes(packet, PACKET_HEADER, size) < size) {
        return true;
      }
      write(out, packet, PACKET_HEADER + size);
    }
    return true;
  }

  /** Null if it is no capture. */
  private static @Nullable ByteOrder order(byte[] header) {
    int magic = ByteBuffer.wrap(header).getInt();
    if (magic == MICROSECONDS || magic == NANOSECONDS) {
      return ByteOrder.BIG_ENDIAN;
    }
    int reversed = Integer.reverseBytes(magic);
    return reversed == MICROSECONDS || reversed == NANOSECONDS ? ByteOrder.LITTLE_ENDIAN : null;
  }

  private static void write(OutputStream out, byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
