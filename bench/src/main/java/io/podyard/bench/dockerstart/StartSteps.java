package io.podyard.bench.dockerstart;

import io.podyard.api.EciJson;
import io.podyard.bench.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * When a start got how far, from outside: by the times of the engine's own events and of the
 * group's stored events, which share this machine's clock.
 */
final class StartSteps {

  /** In the order in which they are reached. */
  enum Step {
    SANDBOX_CREATED("create the sandbox", "sandbox"),
    SANDBOX_STARTED("start the sandbox", "sandbox"),
    PENDING("see it, decide Pending", "commit"),
    CONTAINER_CREATED("commit Pending, create the container", "create"),
    CONTAINER_STARTED("start the container", "start"),
    RUNNING("see it, decide Running", "commit"),
    STORED("commit Running", "commit");

    private final String words;
    private final String kind;

    Step(String words, String kind) {
      this.words = words;
      this.kind = kind;
    }

    String words() {
      return words;
    }

    String kind() {
      return kind;
    }
  }

  private StartSteps() {}

  /**
   * Reads them for a group that runs.
   *
   * @param from when its create was sent
   * @return milliseconds since then
   */
  static Map<Step, Double> of(
      String group, Instant from, Instant to, Engine engine, Connection database)
      throws SQLException {
    Map<Step, Double> steps = new EnumMap<>(Step.class);
    engineEvents(group, from, to, engine, steps);
    storedEvents(group, from, database, steps);
    if (steps.size() != Step.values().length) {
      throw new IllegalStateException("of the start of " + group + " only this is known: " + steps);
    }
    return steps;
  }

  private static void engineEvents(
      String group, Instant from, Instant to, Engine engine, Map<Step, Double> steps) {
    String filters =
        "{\"type\":[\"container\"],\"event\":[\"create\",\"start\"],\"label\":[\"io.podyard.group="
            + group
            + "\"]}";
    String answer =
        engine.call(
            "GET",
            "/events?since=%s&until=%s&filters=%s"
                .formatted(seconds(from), seconds(to), Engine.encoded(filters)),
            null);
    try (BufferedReader lines = new BufferedReader(new StringReader(answer))) {
      String line;
      while ((line = lines.readLine()) != null) {
        JsonNode event = EciJson.rest().readTree(line);
        boolean sandbox =
            event
                .path("Actor")
                .path("Attributes")
                .path("io.podyard.role")
                .asString()
                .equals("sandbox");
        boolean create = event.path("Action").asString().equals("create");
        Step step =
            sandbox
                ? create ? Step.SANDBOX_CREATED : Step.SANDBOX_STARTED
                : create ? Step.CONTAINER_CREATED : Step.CONTAINER_STARTED;
        Instant at = Instant.EPOCH.plusNanos(event.path("timeNano").asLong());
        steps.putIfAbsent(step, millis(from, at));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void storedEvents(
      String group, Instant from, Connection database, Map<Step, Double> steps)
      throws SQLException {
    try (PreparedStatement statement =
        database.prepareStatement(
            """
            select (select min(first_at) from group_event
                    where group_id = g.id and reason = 'SandboxCreated'),
                   (select min(first_at) from group_event
                    where group_id = g.id and reason = 'Started'),
                   g.changed_at
            from container_group g where g.id = ? and g.status = 'Running'
            """)) {
      statement.setString(1, group);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          put(steps, Step.PENDING, from, row.getObject(1, OffsetDateTime.class));
          put(steps, Step.RUNNING, from, row.getObject(2, OffsetDateTime.class));
          put(steps, Step.STORED, from, row.getObject(3, OffsetDateTime.class));
        }
      }
    }
  }

  private static void put(Map<Step, Double> steps, Step step, Instant from, OffsetDateTime at) {
    steps.put(step, millis(from, at.toInstant()));
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }

  private static String seconds(Instant at) {
    return "%d.%09d".formatted(at.getEpochSecond(), at.getNano());
  }
}
