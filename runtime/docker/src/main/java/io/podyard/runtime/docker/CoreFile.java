package io.podyard.runtime.docker;

import io.podyard.runtime.CoreDumpMissingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A core dump: a file in the ELF format whose header says how large it has to be. */
final class CoreFile {

  private static final int BUFFER = 1 << 16;
  private static final int ELF = 0x7F454C46;
  private static final int IDENTITY = 16;
  private static final byte WITH_64_BITS = 2;
  private static final byte LITTLE_ENDIAN = 1;
  private static final int CORE = 4;

  /** Where a header with 64 bits has what is looked at, and how large it is. */
  private static final int HEADER = 64;

  private static final int SEGMENTS_OFFSET = 32;
  private static final int SEGMENT_SIZE = 54;
  private static final int SEGMENT_COUNT = 56;
  private static final int SEGMENT = 56;

  /** There are more of them, and the number is elsewhere. */
  private static final int TOO_MANY_SEGMENTS = 0xFFFF;

  private CoreFile() {}

  /**
   * Copies a dump.
   *
   * @param bytes how many of it there are
   * @throws CoreDumpMissingException if it is none, or its end is missing
   * @throws UncheckedIOException if the stream does not take it
   */
  static void copy(InputStream in, long bytes, OutputStream out)
      throws IOException, CoreDumpMissingException {
    byte[] header = in.readNBytes(HEADER);
    if (header.length < HEADER
        || ByteBuffer.wrap(header).getInt() != ELF
        || view(header).getShort(IDENTITY) != CORE) {
      throw new CoreDumpMissingException("the file where a core dump should be is none");
    }
    int described = header[4] == WITH_64_BITS ? described(view(header)) : 0;
    byte[] segments = in.readNBytes(described);
    long whole = Math.max(HEADER + described, end(header, segments));
    if (bytes < whole) {
      throw new CoreDumpMissingException(
          ("the core dump was cut: it has %d of %d bytes, because the host had no room or it may"
                  + " not be as large")
              .formatted(bytes, whole));
    }
    write(out, header, header.length);
    write(out, segments, segments.length);
    byte[] buffer = new byte[BUFFER];
    int n;
    while ((n = in.read(buffer)) > 0) {
      write(out, buffer, n);
    }
  }

  private static void write(OutputStream out, byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer view(byte[] header) {
    return ByteBuffer.wrap(header)
        .order(header[5] == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  /** How many bytes behind the header describe segments; 0 if they are not there. */
  private static int described(ByteBuffer header) {
    int count = Short.toUnsignedInt(header.getShort(SEGMENT_COUNT));
    boolean follow =
        header.getLong(SEGMENTS_OFFSET) == HEADER
            && header.getShort(SEGMENT_SIZE) == SEGMENT
            && count != TOO_MANY_SEGMENTS;
    return follow ? count * SEGMENT : 0;
  }

  /** Where the last segment ends. */
  private static long end(byte[] header, byte[] segments) {
    ByteBuffer view = ByteBuffer.wrap(segments).order(view(header).order());
    long end = 0;
    for (int at = 0; at + SEGMENT <= segments.length; at += SEGMENT) {
      end = Math.max(end, view.getLong(at + 8) + view.getLong(at + 32));
    }
    return end;
  }
}
