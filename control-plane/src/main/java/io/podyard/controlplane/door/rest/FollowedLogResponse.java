package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.container.FollowedLog;
import io.podyard.controlplane.door.HttpAnswer;
import java.io.IOException;
import java.io.OutputStream;

/** A log as it is written. */
record FollowedLogResponse(FollowedLog log, boolean timestamps) implements StreamedAnswer {

  @Override
  public HttpAnswer.Stream stream() {
    return new HttpAnswer.Stream() {

      @Override
      public void writeTo(OutputStream out) throws IOException {
        try (ServerSentEvents events = new ServerSentEvents(out, log::close)) {
          log.tell(new LogEvents(events, timestamps));
        }
      }

      @Override
      public void close() {
        log.close();
      }
    };
  }
}
