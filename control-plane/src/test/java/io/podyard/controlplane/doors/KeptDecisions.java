package io.podyard.controlplane.doors;

import io.podyard.controlplane.door.rest.RestClient;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;

/** Decisions of placement as they were made, told to an operator. */
final class KeptDecisions {

  private KeptDecisions() {}

  /** What the explanation says of the host that a group got, for the images that are there. */
  static long localityOfBest(TestServer server, String group) {
    RestClient operator = new RestClient(server.endpoint(), server.operator());
    String path = "/v1/container-groups/" + group + "/placement";
    Waiting.until(
        "the decision is kept",
        () -> "AsDecided".equals(operator.get(path).ok().json().path("basis").asString()));
    return operator
        .get(path)
        .ok()
        .json()
        .path("candidates")
        .path(0)
        .path("scoreParts")
        .valueStream()
        .filter(part -> "ImageLocality".equals(part.path("name").asString()))
        .findFirst()
        .orElseThrow()
        .path("value")
        .asLong();
  }
}
