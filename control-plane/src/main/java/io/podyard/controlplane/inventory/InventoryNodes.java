package io.podyard.controlplane.inventory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The nodes of an inventory file, and what is wrong with them, each with where it is. */
final class InventoryNodes {

  /** More would only hide the first ones. */
  private static final int MOST_PROBLEMS = 100;

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final List<String> problems = new ArrayList<>();

  /**
   * The tree of a file.
   *
   * @throws InvalidInventoryException if it is no YAML
   */
  static JsonNode parse(String text) {
    try {
      return YAML.readTree(text);
    } catch (JacksonException e) {
      throw new InvalidInventoryException(
          List.of(
              "line %d: %s"
                  .formatted(
                      e.getLocation().getLineNr(),
                      e.getOriginalMessage().lines().findFirst().orElse("this is not YAML"))));
    }
  }

  /**
   * To be called when everything is read.
   *
   * @throws InvalidInventoryException with every mistake and where it is
   */
  void check() {
    if (!problems.isEmpty()) {
      throw new InvalidInventoryException(problems);
    }
  }

  interface Entry {
    void read(String at, JsonNode node);
  }

  /** Reads each entry of a list, if there is one. */
  void list(String at, JsonNode node, Entry entry) {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        entry.read("%s[%d]".formatted(at, i), node.get(i));
      }
    } else if (!node.isMissingNode() && !node.isNull()) {
      problem(at, "must be a list");
    }
  }

  /** Whether it has fields; those that are none of these are problems. */
  boolean isObject(String at, JsonNode node, Set<String> names) {
    if (!node.isObject()) {
      problem(at, "must have the fields " + sorted(names));
      return false;
    }
    Set<String> unknown = new HashSet<>(node.propertyNames());
    unknown.removeAll(names);
    unknown.stream()
        .sorted()
        .forEach(name -> problem(at + "." + name, "is no field; there are " + sorted(names)));
    return true;
  }

  private static String sorted(Set<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }

  /** Something is wrong with what is there. */
  void problem(String at, String what) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(at + ": " + what);
    }
  }

  /** The fields of an object. */
  DeclaredFields fields(String at, JsonNode node) {
    return new NodeFields(at, node);
  }

  /** A value without a name of its own. */
  DeclaredFields value(String at, JsonNode value) {
    return new OneField(at, value);
  }

  private final class NodeFields implements DeclaredFields {

    private final String at;
    private final JsonNode node;
    private final Set<String> refused = new HashSet<>();

    NodeFields(String at, JsonNode node) {
      this.at = at;
      this.node = node;
    }

    @Override
    public @Nullable String text(String name) {
      JsonNode value = node.path(key(name));
      if (value.isMissingNode() || value.isNull()) {
        return null;
      }
      if (name.equals("Labels") && value.isObject()) {
        return value.properties().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().asString(""))
            .collect(Collectors.joining(","));
      }
      if (!value.isValueNode()) {
        refuse(name, null, "must be a single value");
        return null;
      }
      String text = value.asString("");
      return text.isEmpty() ? null : text;
    }

    @Override
    public void refuse(String name, @Nullable String value, String message) {
      if (refused.add(name)) {
        String shown = value == null ? "" : " is '" + value + "' and";
        problem(at + "." + key(name) + shown, message);
      }
    }

    private static String key(String name) {
      return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
  }

  private final class OneField implements DeclaredFields {

    private final String at;
    private final JsonNode value;

    OneField(String at, JsonNode value) {
      this.at = at;
      this.value = value;
    }

    @Override
    public @Nullable String text(String name) {
      return value.isValueNode() ? value.asString("") : null;
    }

    @Override
    public void refuse(String name, @Nullable String refused, String message) {
      problem(at, message);
    }
  }
}
