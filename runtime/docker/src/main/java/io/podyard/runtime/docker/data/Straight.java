package io.podyard.runtime.docker.data;

import java.io.IOException;
import java.io.OutputStream;

/** Into the archive, out of which nothing is taken again. */
record Straight(OutputStream out) implements RangedDownload.Sink {

  @Override
  public void write(byte[] bytes, int length) throws IOException {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw new RangedDownload.OwnTrouble(e);
    }
  }

  @Override
  public boolean restart() {
    return false;
  }
}
