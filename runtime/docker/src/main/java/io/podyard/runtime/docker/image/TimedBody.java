package io.podyard.runtime.docker.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body that fails when the time of its fetch is over: one that drips never stalls, and may be as
 * long as it likes.
 */
final class TimedBody extends FilterInputStream {

  private final FetchTime time;

  TimedBody(InputStream body, FetchTime time) {
    super(body);
    this.time = time;
  }

  @Override
  public int read() throws IOException {
    check();
    return in.read();
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    check();
    return in.read(to, offset, length);
  }

  private void check() throws IOException {
    try {
      time.check();
    } catch (FetchFailure e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
