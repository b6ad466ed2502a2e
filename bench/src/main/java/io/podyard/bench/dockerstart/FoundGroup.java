package io.podyard.bench.dockerstart;

import io.podyard.bench.Engine;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The containers that the engine has for a group of Podyard, by their ids. */
record FoundGroup(String sandbox, String container) {

  private static final String ROLE = "io.podyard.role";

  /**
   * @throws IllegalStateException if it has not one sandbox and one container
   */
  static FoundGroup of(Engine engine, String group) {
    List<String> sandboxes = new ArrayList<>();
    List<String> containers = new ArrayList<>();
    for (JsonNode each : engine.containers(group)) {
      boolean sandbox = each.path("Labels").path(ROLE).asString().equals("sandbox");
      (sandbox ? sandboxes : containers).add(each.path("Id").asString());
    }
    if (sandboxes.size() != 1 || containers.size() != 1) {
      throw new IllegalStateException(
          group + " has sandboxes " + sandboxes + " and containers " + containers);
    }
    return new FoundGroup(sandboxes.getFirst(), containers.getFirst());
  }

  /** The cgroup above both, as the engine calls it; empty if there is none. */
  String cgroup(Engine engine) {
    return engine
        .get("/containers/" + sandbox + "/json")
        .path("HostConfig")
        .path("CgroupParent")
        .asString();
  }
}
