package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Every request as the document shows it, sent to a server: what creates something first, what ends
 * it last, and in between each id of an example replaced by the one that was created.
 */
class ExamplesTest {

  private static final String GROUP = "containerGroupId";

  /** What a request that is well-formed may be answered with. */
  private static final Set<Integer> WELL_FORMED = Set.of(200, 403, 404, 409);

  private final TestServer server = TestServer.shared();
  private final RestClient client = new RestClient(server.endpoint(), server.operator());
  private final DocumentedShapes shapes;
  private final List<Example> examples = new ArrayList<>();

  /** What was created, by the name of the field that its id is in; and what examples call it. */
  private final Map<String, String> made = new HashMap<>();

  private final Map<String, String> shown = new HashMap<>();

  private record Example(String operationId, String method, String path, JsonNode operation) {

    private static final List<String> METHODS = List.of("POST", "GET", "PATCH", "DELETE");

    boolean ends() {
      return method.equals("DELETE");
    }

    /** Whether its answer goes on for as long as the group that it is about. */
    boolean isEndless() {
      return operationId.equals("FollowContainerGroup");
    }

    /** What creates comes first; what ends comes last, inner things before outer ones. */
    static final Comparator<Example> ORDER =
        Comparator.comparing(Example::ends)
            .thenComparing(
                (one, other) ->
                    one.ends()
                        ? other.path().compareTo(one.path())
                        : one.path().compareTo(other.path()))
            .thenComparing(example -> METHODS.indexOf(example.method()));
  }

  ExamplesTest() {
    JsonNode document = new RestClient(server.endpoint(), null).get("/v3/api-docs").ok().json();
    this.shapes = new DocumentedShapes(document);
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation ->
                            examples.add(
                                new Example(
                                    operation.getValue().path("operationId").asString(),
                                    operation.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    operation.getValue()))));
    examples.sort(Example.ORDER);
    for (Example example : examples) {
      for (JsonNode parameter : example.operation().path("parameters")) {
        if (parameter.has("example")) {
          shown.putIfAbsent(parameter.path("name").asString(), first(parameter.path("example")));
        }
      }
    }
  }

  private static String first(JsonNode value) {
    return (value.isArray() ? value.path(0) : value).asString("");
  }

  @Test
  void everyRequestIsAcceptedAsItIsShown() {
    List<String> wrong = new ArrayList<>();
    List<String> carriedOut = new ArrayList<>();
    for (Example example : examples) {
      awaitRunning();
      RestClient.Answer answer = send(example);
      if (!WELL_FORMED.contains(answer.status()) && !nothingToChange(answer)) {
        wrong.add(example.operationId() + ": " + answer.status() + " " + answer.body());
      }
      shapes
          .differences(example.operationId(), answer)
          .forEach(difference -> wrong.add(example.operationId() + ": " + difference));
      if (answer.status() == 200) {
        carriedOut.add(example.operationId());
        // What is streamed is a text.
        if (example
            .operation()
            .path("responses")
            .path("200")
            .path("content")
            .has("application/json")) {
          remember(example, answer.json());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(carriedOut)
        .contains(
            "CreateAccount",
            "CreateAccessKey",
            "ListAccessKeys",
            "DeleteAccessKey",
            "CreateContainerGroup",
            "DescribeContainerGroup",
            "DescribeContainerGroupEvents",
            "DescribeContainerLog",
            "ExecContainerCommand",
            "UpdateContainerGroup",
            "RestartContainerGroup",
            "TagResources",
            "ListTagResources",
            "UntagResources",
            "DescribeUsage",
            "DeleteContainerGroup");
  }

  /**
   * Well formed as well: a template that was exported a moment ago changes nothing, nor is there an
   * image here that captures packets, a host that does not answer, one that somebody declared, or
   * another region.
   */
  private static boolean nothingToChange(RestClient.Answer answer) {
    return answer.body().contains("\"NoNeedUpdate\"")
        || answer.body().contains("\"Ops.RegionNotSupport\"")
        || answer.body().contains("\"IncorrectStatus\"")
        || answer.body().contains("is not a region of this installation");
  }

  /** Most of what can be done to a group is done while it runs. */
  private void awaitRunning() {
    String id = made.get(GROUP);
    if (id != null) {
      Waiting.until(
          id + " runs",
          () ->
              Set.of("Running", "Terminating")
                  .contains(
                      client
                          .get("/v1/container-groups/" + id)
                          .ok()
                          .json()
                          .path("status")
                          .asString()));
    }
  }

  private RestClient.Answer send(Example example) {
    String path = example.path();
    List<String> query = new ArrayList<>();
    for (JsonNode parameter : example.operation().path("parameters")) {
      String name = parameter.path("name").asString();
      if (parameter.path("required").asBoolean() || parameter.has("example")) {
        String shownValue = first(parameter.path("example"));
        assertThat(shownValue).as(example.operationId() + " shows " + name).isNotEmpty();
        String value = RestClient.encoded(real(shownValue));
        if (parameter.path("in").asString().equals("path")) {
          path = path.replace("{" + name + "}", value);
        } else {
          query.add(name + "=" + value);
        }
      }
    }
    JsonNode body =
        example.operation().path("requestBody").path("content").path("application/json");
    String json = body.has("example") ? real(body.path("example").toString()) : null;
    return client.send(
        example.isEndless() ? "HEAD" : example.method(),
        path + (query.isEmpty() ? "" : "?" + String.join("&", query)),
        json,
        Map.of());
  }

  /** The ids of what was made in the place of those that are shown. */
  private String real(String text) {
    String real = text;
    for (Map.Entry<String, String> id : made.entrySet()) {
      String example = shown.get(id.getKey());
      if (example != null) {
        real = real.replace(example, id.getValue());
      }
    }
    // The one name that must be new in the whole installation.
    return real.replace("team-blue", "team-" + UUID.randomUUID());
  }

  /** What a create answers is what others are about. */
  private void remember(Example example, JsonNode answer) {
    if (example.operationId().startsWith("Create")) {
      for (String name : List.of(GROUP, "accountId", "accessKeyId")) {
        if (answer.has(name)) {
          made.putIfAbsent(name, answer.path(name).asString());
        }
      }
    }
  }
}
