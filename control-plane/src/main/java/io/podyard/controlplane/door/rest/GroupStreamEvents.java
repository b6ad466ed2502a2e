package io.podyard.controlplane.door.rest;

import io.podyard.api.EciJson;
import io.podyard.controlplane.containergroup.FollowedGroup;
import io.podyard.controlplane.containergroup.GroupStatus;
import io.podyard.controlplane.event.GroupEvent;
import io.podyard.runtime.PullProgress;
import java.io.IOException;

/** Writes what happens to a group as server-sent events. */
record GroupStreamEvents(ServerSentEvents events) implements FollowedGroup.Listener {

  @Override
  public void status(GroupStatus status) throws IOException {
    events.event("", "status", status.wireName());
  }

  @Override
  public void event(GroupEvent event) throws IOException {
    // Shown with whole seconds; who comes back has to be told exactly what is new.
    events.event(event.lastAt().toString(), "event", json(event.brief()));
  }

  @Override
  public void pull(PullProgress pull) throws IOException {
    events.event("", "pull", json(ImagePullResponse.of(pull)));
  }

  @Override
  public void end(String reason) throws IOException {
    events.event("", "end", reason);
  }

  private static String json(Record record) {
    return EciJson.rest().writeValueAsString(record);
  }
}
