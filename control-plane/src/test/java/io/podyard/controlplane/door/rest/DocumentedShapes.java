package io.podyard.controlplane.door.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Compares answers with what the OpenAPI document says of them. Nothing undocumented passes. */
final class DocumentedShapes {

  private final JsonNode document;

  DocumentedShapes(JsonNode document) {
    this.document = document;
  }

  /** Where an answer is not what the document says; empty if it is. */
  List<String> differences(String operationId, RestClient.Answer answer) {
    JsonNode response = operation(operationId).path("responses").path("" + answer.status());
    if (response.isMissingNode()) {
      return List.of(operationId + " does not document status " + answer.status());
    }
    String type = answer.header("content-type");
    JsonNode schema = response.path("content").path(type).path("schema");
    if (schema.isMissingNode()) {
      return List.of(operationId + " does not document " + type);
    }
    if (type.startsWith(StreamedAnswer.MEDIA_TYPE)
        || type.startsWith(BillFile.Csv.MEDIA_TYPE)
        || type.startsWith(BillFile.Lines.NDJSON)) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    if (!answer.header("x-acs-request-id").equals(answer.json().path("requestId").asString())) {
      found.add("the header has another request id than the body");
    }
    compare(operationId, List.of(schema), answer.json(), found);
    return found;
  }

  private JsonNode operation(String id) {
    for (JsonNode path : document.path("paths")) {
      for (JsonNode operation : path) {
        if (operation.path("operationId").asString().equals(id)) {
          return operation;
        }
      }
    }
    throw new IllegalArgumentException("there is no operation " + id);
  }

  private void compare(String where, List<JsonNode> schemas, JsonNode value, List<String> found) {
    List<JsonNode> all = new ArrayList<>();
    schemas.forEach(schema -> resolve(schema, all));
    String type = all.getFirst().path("type").asString();
    boolean right =
        switch (type) {
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "string" -> value.isString();
          case "boolean" -> value.isBoolean();
          case "integer" -> value.isIntegralNumber();
          case "number" -> value.isNumber();
          default -> false;
        };
    if (!right) {
      found.add("%s is %s, not of type %s".formatted(where, value, type));
    } else if (value.isObject()) {
      object(where, all, value, found);
    } else if (value.isArray()) {
      value.forEach(
          item -> compare(where + "[]", List.of(all.getFirst().path("items")), item, found));
    }
  }

  private void object(String where, List<JsonNode> schemas, JsonNode value, List<String> found) {
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      List<JsonNode> documented =
          schemas.stream()
              .map(schema -> schema.path("properties").path(field.getKey()))
              .filter(schema -> !schema.isMissingNode())
              .toList();
      if (documented.isEmpty()) {
        found.add("%s.%s is not documented".formatted(where, field.getKey()));
      } else {
        compare(where + "." + field.getKey(), documented, field.getValue(), found);
      }
    }
    for (JsonNode schema : schemas) {
      for (JsonNode required : schema.path("required")) {
        if (!value.has(required.asString())) {
          found.add("%s has no %s".formatted(where, required.asString()));
        }
      }
    }
  }

  /** Follows references, and takes the parts of what is put together. */
  private void resolve(JsonNode schema, List<JsonNode> into) {
    JsonNode reference = schema.path("$ref");
    if (!reference.isMissingNode()) {
      String name = reference.asString().substring("#/components/schemas/".length());
      resolve(document.path("components").path("schemas").path(name), into);
    } else if (schema.has("allOf")) {
      schema.path("allOf").forEach(part -> resolve(part, into));
    } else {
      into.add(schema);
    }
  }
}
