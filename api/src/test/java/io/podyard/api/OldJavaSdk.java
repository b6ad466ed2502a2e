package io.podyard.api;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The actions that only the Java SDK 1.5.7 has. Of their requests the contract knows the keys that
 * the SDK sends, and neither types nor limits; those are said here.
 */
final class OldJavaSdk {

  private static final Set<String> NUMBERS = Set.of("OwnerId", "ResourceOwnerId", "NewSize");
  private static final Set<String> REQUIRED =
      Set.of("ContainerGroupId", "ContainerGroupIds", "NewSize");

  private OldJavaSdk() {}

  /** Whether an action's request is a list of keys. */
  static boolean isFlat(JsonNode action) {
    return action.path("request").properties().stream()
        .anyMatch(field -> field.getValue().asString("").equals("query"));
  }

  /** An action of single values with their types; every action can be told a region. */
  static JsonNode typed(JsonNode action) {
    ObjectNode typed = (ObjectNode) action.deepCopy();
    ObjectNode request = typed.putObject("request");
    ObjectNode constraints = typed.putObject("constraints");
    ObjectNode flat = (ObjectNode) action.get("request").deepCopy();
    flat.put("RegionId", "query");
    flat.propertyStream()
        .map(Map.Entry::getKey)
        .sorted()
        .forEach(
            name -> {
              request.put(name, NUMBERS.contains(name) ? "number" : "string");
              if (REQUIRED.contains(name)) {
                constraints.putObject(name).put("required", true);
              }
            });
    if (request.has("ContainerGroupIds")) {
      ((ObjectNode) constraints.get("ContainerGroupIds")).put("maxItems", 20);
    }
    if (request.has("NewSize")) {
      ((ObjectNode) constraints.get("NewSize")).put("format", "int32");
    }
    return typed;
  }

  /** Everything that a group can be asked for with, and what there is for several of them. */
  static JsonNode batch(JsonNode action, JsonNode create) {
    ObjectNode batch = (ObjectNode) action.deepCopy();
    ObjectNode request = batch.putObject("request");
    create
        .get("request")
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              switch (name) {
                case "AutoCreateEip" -> {
                  request.put("Amount", "number");
                  ObjectNode arn = request.putArray("Arn").addObject();
                  arn.put("AssumeRoleFor", "string");
                  arn.put("RoleArn", "string");
                  arn.put("RoleType", "string");
                  request.set(name, field.getValue());
                }
                case "EipInstanceId" -> {
                  request.set(name, field.getValue());
                  request.put("EipPublicIpAddressPoolId", "string");
                }
                case "MaxPendingMinute" -> {
                  request.put("LaunchTemplateId", "string");
                  request.set(name, field.getValue());
                }
                case "VSwitchId", "InstanceType" -> {
                  ArrayNode list = request.putArray(name);
                  list.add("string");
                }
                default -> request.set(name, field.getValue());
              }
            });
    ObjectNode constraints = (ObjectNode) create.get("constraints").deepCopy();
    batch.set("constraints", constraints);
    constraints.putObject("Amount").put("format", "int32");
    constraints.putObject("Arn").put("maxItems", 101);
    constraints.putObject("VSwitchId").put("maxItems", 11);
    constraints.putObject("InstanceType").put("maxItems", 11);
    ((ObjectNode) batch.get("meta"))
        .set("java_1.0.13_extraWireKeys", create.path("meta").path("java_1.0.13_extraWireKeys"));
    return batch;
  }
}
