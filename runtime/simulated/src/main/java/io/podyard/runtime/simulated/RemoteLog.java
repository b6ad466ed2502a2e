package io.podyard.runtime.simulated;

import io.podyard.runtime.LogStream;
import io.podyard.runtime.RuntimeUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;

/** The log of a simulated container of another process. */
record RemoteLog(TalkConnection talk, int attempt) implements LogStream {

  @Override
  public void forEach(Lines lines) throws RuntimeUnavailableException {
    try {
      while (true) {
        ByteBuffer frame = ByteBuffer.wrap(talk.frame());
        byte kind = frame.get();
        if (kind == TalkFrame.END) {
          return;
        }
        if (kind == TalkFrame.LINE) {
          Instant time = Instant.ofEpochSecond(frame.getLong(), frame.getInt());
          byte[] text = new byte[frame.remaining()];
          frame.get(text);
          if (!lines.line(time, text)) {
            close();
            return;
          }
        }
      }
    } catch (IOException e) {
      if (!talk.isClosed()) {
        throw new RuntimeUnavailableException("the connection to the simulated hosts broke", e);
      }
    }
  }

  @Override
  public void close() {
    talk.close();
  }
}
