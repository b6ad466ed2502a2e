package io.podyard.runtime.docker.data;

import io.podyard.runtime.docker.web.RangedDownload;
import java.io.IOException;
import java.io.OutputStream;

/** Into the archive, out of which nothing is taken again. */
record Straight(OutputStream out) implements FileDownload.Into {

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
