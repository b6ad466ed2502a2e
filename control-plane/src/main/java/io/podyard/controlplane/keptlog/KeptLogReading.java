package io.podyard.controlplane.keptlog;

import io.podyard.controlplane.keptlog.KeptLogTables.Kept;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.springframework.dao.DataAccessException;

/** The text of a kept log, read chunk by chunk; no connection is held in between. */
final class KeptLogReading extends InputStream {

  private final KeptLogTables tables;
  private final Kept log;
  private int next;
  private InputStream chunk = InputStream.nullInputStream();

  private KeptLogReading(KeptLogTables tables, Kept log) {
    this.tables = tables;
    this.log = log;
    this.next = log.firstChunk();
  }

  static InputStream of(KeptLogTables tables, Kept log) throws IOException {
    KeptLogReading reading = new KeptLogReading(tables, log);
    if (log.firstChunk() > 0) {
      for (int b = reading.read(); b >= 0 && b != '\n'; b = reading.read()) {
        // The rest of a line whose head is cut off goes as well.
      }
    }
    return reading;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      int read = chunk.read(bytes, offset, length);
      if (read > 0) {
        return read;
      }
      if (next == log.firstChunk() + log.chunks()) {
        return -1;
      }
      chunk = open(next++);
    }
  }

  private InputStream open(int number) throws IOException {
    try {
      byte[] data =
          tables
              .chunk(log.id(), number)
              .orElseThrow(() -> new IOException("the log was forgotten while it was read"));
      return new GZIPInputStream(new ByteArrayInputStream(data));
    } catch (DataAccessException e) {
      throw new IOException("the database does not answer", e);
    }
  }
}
