package io.podyard.runtime.docker.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;

/**
 * What is sent with a request. It can be sent again, and tells when its last part was taken, so
 * that a registry that takes nothing any more is noticed however much there is.
 */
public final class SentBody {

  /** Opens the bytes from their beginning. */
  @FunctionalInterface
  public interface Bytes {
    InputStream open() throws IOException;
  }

  private final long size;
  private final Bytes bytes;
  private volatile long movedAt;
  private volatile boolean moved;

  public SentBody(long size, Bytes bytes) {
    this.size = size;
    this.bytes = bytes;
  }

  HttpRequest.BodyPublisher publisher() {
    if (size == 0) {
      return HttpRequest.BodyPublishers.noBody();
    }
    return HttpRequest.BodyPublishers.fromPublisher(
        HttpRequest.BodyPublishers.ofInputStream(this::watched), size);
  }

  private InputStream watched() {
    try {
      return new Watched(bytes.open());
    } catch (IOException e) {
      throw new UncheckedIOException("what is to be sent cannot be read", e);
    }
  }

  /**
   * When a part of it was last taken, by {@link System#nanoTime}.
   *
   * @param began if none was taken yet
   */
  long movedAt(long began) {
    return moved && movedAt - began > 0 ? movedAt : began;
  }

  private final class Watched extends FilterInputStream {

    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      move();
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      move();
      return read;
    }

    private void move() {
      movedAt = System.nanoTime();
      moved = true;
    }
  }
}
