package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.EciJson;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.testing.TestServer;
import io.swagger.v3.core.util.Json31;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The contract of the REST door. It is kept in a file, so that every change of it is seen by
 * whoever makes it: {@code -Dpodyard.openapi.write=true} writes the file anew.
 */
class ApiDocumentTest {

  private static final Path FILE = Path.of("src", "main", "resources", "openapi.json");

  private final TestServer server = TestServer.shared();
  private final RestClient anybody = new RestClient(server.endpoint(), null);

  private JsonNode served() {
    return anybody.get("/v3/api-docs").ok().json();
  }

  @Test
  void theDocumentIsTheOneThatIsKept() throws IOException {
    ApiDocument document = new ApiDocument(server.bean(Routes.class));
    String present = Json31.pretty(document.write()) + "\n";
    if (Boolean.getBoolean("podyard.openapi.write")) {
      Files.writeString(FILE, present);
    }
    assertThat(present)
        .as(
            "the REST contract has changed; look at the difference, and if it is meant, run this"
                + " test with -Dpodyard.openapi.write=true")
        .isEqualTo(Files.readString(FILE));
    assertThat(served()).isEqualTo(EciJson.rest().readTree(present));
  }

  @Test
  void everythingIsDescribedAndNoDescriptionIsLeftOver() {
    ApiDocument document = new ApiDocument(server.bean(Routes.class));
    document.write();
    assertThat(document.texts().missing()).isEmpty();
    assertThat(document.texts().unused()).isEmpty();
  }

  @Test
  void everyPlainFieldHasAnExampleThatItMayHave() {
    served()
        .path("components")
        .path("schemas")
        .properties()
        .forEach(
            schema ->
                schema
                    .getValue()
                    .path("properties")
                    .properties()
                    .forEach(
                        field ->
                            assertExample(
                                schema.getKey() + "." + field.getKey(), field.getValue())));
  }

  private static void assertExample(String name, JsonNode field) {
    JsonNode item = field.path("items");
    if (field.has("$ref") || item.has("$ref")) {
      return;
    }
    JsonNode example = field.path("examples").path(0);
    boolean list = field.path("type").asString().equals("array");
    assertThat(example.isArray()).as(name).isEqualTo(list);
    JsonNode kind = list ? item : field;
    for (JsonNode value : list ? example : List.of(example)) {
      switch (kind.path("type").asString()) {
        case "string" -> assertThat(value.isString()).as(name).isTrue();
        case "integer" -> assertThat(value.isIntegralNumber()).as(name).isTrue();
        case "number" -> assertThat(value.isNumber()).as(name).isTrue();
        case "boolean" -> assertThat(value.isBoolean()).as(name).isTrue();
        default -> throw new AssertionError(name + " is " + kind);
      }
      if (kind.path("format").asString().equals("date-time")) {
        assertThat(Instant.parse(value.asString())).as(name).isNotNull();
      }
      if (field.has("enum")) {
        assertThat(field.path("enum")).as(name).contains(value);
      }
      if (field.has("minimum")) {
        assertThat(value.asDouble())
            .as(name)
            .isBetween(field.path("minimum").asDouble(), field.path("maximum").asDouble());
      }
    }
  }

  private static List<JsonNode> operations(JsonNode document) {
    List<JsonNode> operations = new ArrayList<>();
    document.path("paths").forEach(path -> path.forEach(operations::add));
    return operations;
  }

  @Test
  void everyActionOfEciIsAnOperationOfItsName() {
    JsonNode document = served();
    assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
    List<String> ids =
        operations(document).stream().map(o -> o.path("operationId").asString()).toList();
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids).containsAll(Arrays.stream(Action.values()).map(Action::wireName).toList());
  }

  @Test
  void everyOperationSaysWhatCanGoWrong() {
    for (JsonNode operation : operations(served())) {
      String id = operation.path("operationId").asString();
      assertThat(operation.path("summary").asString()).as(id).isNotBlank();
      assertThat(operation.path("description").asString()).as(id).isNotBlank();
      JsonNode responses = operation.path("responses");
      for (String status : List.of("400", "401", "429", "500", "503")) {
        assertThat(responses.path(status).path("description").asString())
            .as(id + " " + status)
            .isNotBlank();
      }
      for (Map.Entry<String, JsonNode> response : responses.properties()) {
        if (!response.getKey().equals("200")) {
          assertThat(response.getValue().path("content").propertyNames())
              .as(id + " " + response.getKey())
              .containsExactly("application/problem+json");
          JsonNode example =
              response.getValue().path("content").path("application/problem+json").path("example");
          assertThat(example.path("status").asString()).isEqualTo(response.getKey());
          assertThat(ErrorCode.named(example.path("code").asString())).isPresent();
        }
      }
      assertThat(responses.path("429").path("headers").has("Retry-After")).as(id).isTrue();
    }
  }

  @Test
  void everySchemaParameterAndFieldIsDescribed() {
    JsonNode document = served();
    List<String> silent = new ArrayList<>();
    for (Map.Entry<String, JsonNode> schema :
        document.path("components").path("schemas").properties()) {
      if (schema.getValue().path("description").asString("").isBlank()) {
        silent.add(schema.getKey());
      }
      List<JsonNode> parts = new ArrayList<>(List.of(schema.getValue()));
      schema.getValue().path("allOf").forEach(parts::add);
      for (JsonNode part : parts) {
        for (Map.Entry<String, JsonNode> field : part.path("properties").properties()) {
          if (field.getValue().path("description").asString("").isBlank()) {
            silent.add(schema.getKey() + "." + field.getKey());
          }
        }
      }
    }
    for (JsonNode operation : operations(document)) {
      String id = operation.path("operationId").asString();
      for (JsonNode parameter : operation.path("parameters")) {
        if (parameter.path("description").asString("").isBlank()) {
          silent.add(id + " " + parameter.path("name").asString());
        }
      }
      if (operation.has("requestBody")
          && operation.path("requestBody").path("description").asString("").isBlank()) {
        silent.add(id + " body");
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void generatorsNeedNoNamesOfTheirOwn() {
    JsonNode document = served();
    for (JsonNode operation : operations(document)) {
      String id = operation.path("operationId").asString();
      JsonNode answer = operation.path("responses").path("200");
      // What is streamed is a text.
      if (!answer.path("content").has(StreamedAnswer.MEDIA_TYPE)
          && !answer.path("content").has(BillFile.Csv.MEDIA_TYPE)) {
        assertThat(reference(answer)).isEqualTo(id + "Response");
      }
      if (operation.has("requestBody")) {
        assertThat(reference(operation.path("requestBody"))).isEqualTo(id + "Request");
      }
    }
    for (Map.Entry<String, JsonNode> schema :
        document.path("components").path("schemas").properties()) {
      List<JsonNode> parts = new ArrayList<>(List.of(schema.getValue()));
      schema.getValue().path("allOf").forEach(parts::add);
      for (JsonNode part : parts) {
        for (Map.Entry<String, JsonNode> field : part.path("properties").properties()) {
          JsonNode item = field.getValue().path("items");
          assertThat(field.getValue().has("properties") || item.has("properties"))
              .as(schema.getKey() + "." + field.getKey() + " is an object without a name")
              .isFalse();
        }
      }
    }
  }

  /** The name of the schema of a body of JSON. */
  private static String reference(JsonNode body) {
    String reference =
        body.path("content").path("application/json").path("schema").path("$ref").asString();
    return reference.substring(reference.lastIndexOf('/') + 1);
  }

  @Test
  void everyBodyHasAnExampleThatTheDoorCanRead() {
    for (Route route : server.bean(Routes.class).all()) {
      assertThat(route.text().example() != null).as(route.operationId()).isEqualTo(route.hasBody());
      String example = route.text().example();
      if (example != null) {
        FieldValues fields = new FieldValues();
        JsonBody.read(
            example.getBytes(StandardCharsets.UTF_8),
            route.requestType(),
            Set.copyOf(route.path().variables()),
            fields);
        assertThat(fields.problems()).as(route.operationId()).isEmpty();
      }
    }
  }

  @Test
  void fieldsThatAreRefusedWhateverTheyHoldAreNotOffered() {
    JsonNode create =
        served().path("components").path("schemas").path("CreateContainerGroupRequest");
    assertThat(create.path("required"))
        .extracting(JsonNode::asString)
        .containsExactlyInAnyOrder("container", "containerGroupName");
    assertThat(create.path("properties").propertyNames())
        .contains("containerGroupName", "container", "cpu", "vSwitchId", "ownerId")
        .doesNotContain("corePattern", "eipBandwidth");
    JsonNode exec = served().path("components").path("schemas").path("ExecContainerCommandRequest");
    assertThat(exec.path("properties").propertyNames())
        .as("without what means nothing")
        .containsExactlyInAnyOrder("command", "regionId", "stdin", "sync", "tty");
  }
}
