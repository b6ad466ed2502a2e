package io.podyard.controlplane.door.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.controlplane.container.FollowedLog;
import java.io.IOException;
import java.time.Instant;

/** Writes a log as server-sent events. */
record LogEvents(ServerSentEvents events, boolean timestamps) implements FollowedLog.Listener {

  @Override
  public void run(int number) throws IOException {
    events.event("", "run", Integer.toString(number));
  }

  @Override
  public void line(Instant time, byte[] text) throws IOException {
    String line = new String(text, UTF_8);
    events.event(time.toString(), "", timestamps ? time + " " + line : line);
  }

  @Override
  public void end(String reason) throws IOException {
    events.event("", "end", reason);
  }
}
