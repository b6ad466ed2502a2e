package io.podyard.bench.dockerstart;

import io.podyard.api.EciJson;
import io.podyard.bench.Engine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The containers of a group by plain calls to the engine: what Podyard made for a group is read
 * back from the engine and made once more under other names, with the same images, network, limits,
 * mounts and number of labels.
 */
final class RawGroup {

  /** When each of the four calls had been answered, in nanoseconds since the first was sent. */
  record Times(
      long sandboxCreated, long sandboxStarted, long containerCreated, long containerStarted) {}

  private static final String LABELS = "io.podyard.";
  private static final String OWN_LABELS = "podyard.bench.";
  private static final int NOT_FOUND = 404;

  private final Engine engine;
  private final JsonNode sandbox;
  private final JsonNode container;
  private final String prefix;
  private final String cgroup;

  /**
   * @param prefix of the names of all containers
   * @param cgroup above all of them; empty for none
   */
  RawGroup(Engine engine, FoundGroup like, String prefix, String cgroup) {
    this.engine = engine;
    this.prefix = prefix;
    this.cgroup = cgroup;
    this.sandbox = engine.get("/containers/" + like.sandbox() + "/json");
    this.container = engine.get("/containers/" + like.container() + "/json");
  }

  Times start(int number) {
    String sandboxName = prefix + "-" + number + "-sandbox";
    ObjectNode sandboxBody = body(sandbox);
    ObjectNode containerBody = body(container);
    // A container in another one's network has that one's host name.
    containerBody.remove("Hostname");
    host(containerBody).put("NetworkMode", "container:" + sandboxName);
    host(containerBody).put("IpcMode", "container:" + sandboxName);

    long start = System.nanoTime();
    String sandboxId = create(sandboxName, sandboxBody);
    long sandboxCreated = System.nanoTime() - start;
    JsonNode _ = engine.post("/containers/" + sandboxId + "/start", null);
    long sandboxStarted = System.nanoTime() - start;
    String containerId = create(prefix + "-" + number + "-one", containerBody);
    long containerCreated = System.nanoTime() - start;
    JsonNode _ = engine.post("/containers/" + containerId + "/start", null);
    long containerStarted = System.nanoTime() - start;

    JsonNode state = engine.get("/containers/" + containerId + "/json").path("State");
    if (!state.path("Running").asBoolean()) {
      throw new IllegalStateException("a container made by raw calls does not run: " + state);
    }
    return new Times(sandboxCreated, sandboxStarted, containerCreated, containerStarted);
  }

  /** Removes what of it is there. */
  void remove(int number) {
    remove(prefix + "-" + number + "-one");
    remove(prefix + "-" + number + "-sandbox");
  }

  private void remove(String name) {
    try {
      engine.delete("/containers/" + name + "?force=1&v=1");
    } catch (Engine.RefusedException e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
    }
  }

  private String create(String name, ObjectNode body) {
    return engine.post("/containers/create?name=" + name, body).path("Id").asString();
  }

  /** What was asked of the engine for a container, as far as it gives it back. */
  private ObjectNode body(JsonNode made) {
    ObjectNode body = (ObjectNode) made.path("Config").deepCopy();
    body.set("HostConfig", made.path("HostConfig").deepCopy());
    body.put("Image", made.path("Image").asString());
    ObjectNode labels = EciJson.rest().createObjectNode();
    made.path("Config")
        .path("Labels")
        .forEachEntry(
            (name, value) -> labels.put(name.replace(LABELS, OWN_LABELS), value.asString()));
    body.set("Labels", labels);
    host(body).put("CgroupParent", cgroup);
    return body;
  }

  private static ObjectNode host(ObjectNode body) {
    return (ObjectNode) body.path("HostConfig");
  }
}
