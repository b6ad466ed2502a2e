package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows the engine's events of one installation and connects again when the stream ends. What
 * happened meanwhile is lost, so after each connection everything may have changed.
 */
final class EngineEvents implements AutoCloseable {

  private static final System.Logger log = System.getLogger(EngineEvents.class.getName());

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** A connection that died without a word would be silent as well. */
  private static final Duration LONGEST_STREAM = Duration.ofMinutes(5);

  private final EngineCalls calls;
  private final EngineViews views;
  private final InstallationId installation;
  private final Consumer<ContainerGroupId> changed;
  private final Thread thread;
  private volatile boolean closed;

  EngineEvents(
      EngineCalls calls,
      EngineViews views,
      InstallationId installation,
      Consumer<ContainerGroupId> changed) {
    this.calls = calls;
    this.views = views;
    this.installation = installation;
    this.changed = changed;
    this.thread = Thread.ofVirtual().name("podyard-events-" + installation).unstarted(this::run);
  }

  EngineEvents start() {
    thread.start();
    return this;
  }

  private void run() {
    Duration pause = SHORTEST_PAUSE;
    while (!closed) {
      long began = System.nanoTime();
      try {
        follow();
      } catch (RuntimeUnavailableException | DockerException | JacksonException e) {
        tell(System.Logger.Level.DEBUG, e);
      } catch (Throwable failure) {
        // Whatever it is, the thread goes on: without it nothing of this engine would be heard.
        tell(System.Logger.Level.ERROR, failure);
      }
      boolean lasted = System.nanoTime() - began > LONGEST_PAUSE.toNanos();
      pause = lasted ? SHORTEST_PAUSE : pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Never throws: without memory nothing can be said either. */
  private void tell(System.Logger.Level level, Throwable failure) {
    if (closed) {
      return;
    }
    try {
      log.log(level, "the events of " + calls.address() + " end", failure);
    } catch (Throwable unsaid) {
      // There may be memory again for the next one.
    }
  }

  private void follow() throws RuntimeUnavailableException, StaleFenceException {
    calls.<RuntimeUnavailableException>follow(
        EngineRequest.get("/events?filters=" + filters()),
        CallScope.reading(LONGEST_STREAM),
        answer -> {
          views.views(installation).keySet().forEach(changed);
          try (JsonLines events = new JsonLines(answer.getBody())) {
            while (!closed && events.hasNext()) {
              JsonNode event = events.next();
              JsonNode actor = event.path("Actor");
              switch (event.path("Action").asString("")) {
                case "die" -> views.died(actor.path("ID").asString(""));
                case "destroy" -> views.forget(actor.path("ID").asString(""));
                default -> {}
              }
              String group = actor.path("Attributes").path(Names.GROUP).asString("");
              if (!group.isEmpty()) {
                changed.accept(new ContainerGroupId(group));
              }
            }
          }
        });
  }

  private String filters() {
    Map<String, List<String>> filters =
        Map.of(
            "label", List.of(Names.INSTALLATION + "=" + installation),
            "type", List.of("container"),
            "event", List.of("create", "start", "die", "oom", "destroy"));
    return URLEncoder.encode(JSON.writeValueAsString(filters), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
