package io.podyard.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the facts about the contract that lie beside the tests. */
final class Contract {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * What the contract has as a map of which it does not say the names, and the names that mean
   * something here.
   */
  private static final String OPTIONS = "DataSource.Options.<map>";

  private static final List<String> OPTION_NAMES =
      List.of(
          "url",
          "repoSource",
          "repoId",
          "revision",
          "bucket",
          "path",
          "akId",
          "akSecret",
          "region",
          "pathStyle",
          "otherOpts",
          "server",
          "vers",
          "options",
          "snapshotId");

  private static final JsonNode ACTIONS = read("actions.json");

  private Contract() {}

  static JsonNode action(Action action) {
    JsonNode node = ACTIONS.get(action.wireName());
    if (node == null) {
      throw new IllegalStateException("the contract has no " + action);
    }
    return action == Action.BATCH_CREATE_CONTAINER_GROUPS
        ? OldJavaSdk.batch(node, action(Action.CREATE_CONTAINER_GROUP))
        : OldJavaSdk.isFlat(node) ? OldJavaSdk.typed(node) : node;
  }

  static JsonNode errorCodes() {
    return read("error-codes.json").get("codes");
  }

  static JsonNode constraint(Action action, String path) {
    return action(action).path("constraints").path(path);
  }

  /** Dotted paths of all values with their type, in the order of the contract. */
  static Map<String, String> leaves(JsonNode node) {
    Map<String, String> leaves = new LinkedHashMap<>();
    collect(node, "", leaves);
    return leaves;
  }

  /**
   * The request's paths, and the keys an old SDK sends that the contract has under no other name.
   */
  static Map<String, String> requestLeaves(Action action) {
    Map<String, String> leaves = leaves(action(action).get("request"));
    if (oldSdkKeys(action).contains("SlsEnable")) {
      leaves.put("SlsEnable", "boolean");
    }
    if (action == Action.UPDATE_CONTAINER_GROUP) {
      leaves.put("Volume.N.ConfigFileVolume.ConfigFileToPath.N.Mode", "number");
      leaves.put("Volume.N.ConfigFileVolume.DefaultMode", "number");
    }
    return leaves;
  }

  /** Keys an old SDK sends beside those of the contract. */
  static Set<String> oldSdkKeys(Action action) {
    Set<String> keys = new TreeSet<>();
    action(action)
        .path("meta")
        .path("java_1.0.13_extraWireKeys")
        .forEach(k -> keys.add(k.asString()));
    JsonNode known = ACTIONS.get(action.wireName());
    if (OldJavaSdk.isFlat(known)) {
      known.get("request").propertyNames().forEach(keys::add);
    }
    return keys;
  }

  private static void collect(JsonNode node, String path, Map<String, String> leaves) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        collect(
            field.getValue(),
            path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
            leaves);
      }
    } else if (node.isArray()) {
      collect(node.get(0), path + ".N", leaves);
    } else if (path.equals(OPTIONS)) {
      OPTION_NAMES.forEach(name -> leaves.put(OPTIONS.replace("<map>", name), node.asString()));
    } else {
      leaves.put(path, node.asString());
    }
  }

  /** The text of a captured request. */
  static List<String> captured(String file) {
    try (InputStream in = open("wire/" + file)) {
      return new ArrayList<>(
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode read(String file) {
    try (InputStream in = open(file)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String file) throws IOException {
    InputStream in = Contract.class.getResourceAsStream("/io/podyard/api/eci/" + file);
    if (in == null) {
      throw new IOException("no test resource " + file);
    }
    return in;
  }
}
