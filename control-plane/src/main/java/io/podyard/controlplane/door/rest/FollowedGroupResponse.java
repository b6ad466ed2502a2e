package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.containergroup.FollowedGroup;
import io.podyard.controlplane.door.HttpAnswer;
import java.io.IOException;
import java.io.OutputStream;

/** What happens to a group while it happens. */
record FollowedGroupResponse(FollowedGroup group) implements StreamedAnswer {

  @Override
  public HttpAnswer.Stream stream() {
    return new HttpAnswer.Stream() {

      @Override
      public void writeTo(OutputStream out) throws IOException {
        try (ServerSentEvents events = new ServerSentEvents(out, group::close)) {
          group.tell(new GroupStreamEvents(events));
        }
      }

      @Override
      public void close() {
        group.close();
      }
    };
  }
}
