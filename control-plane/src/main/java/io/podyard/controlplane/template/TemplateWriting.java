package io.podyard.controlplane.template;

import io.podyard.api.EciJson;
import io.podyard.api.template.GroupTemplate;
import io.podyard.controlplane.containergroup.GroupParameters;
import io.podyard.controlplane.containergroup.GroupRecord;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a group as a template. */
final class TemplateWriting {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TemplateWriting() {}

  static GroupTemplate of(GroupRecord group) {
    ObjectNode root = JSON.createObjectNode();
    root.put("RegionId", group.region().value());
    for (Map.Entry<String, String> parameter : GroupParameters.of(group).entrySet()) {
      String name = parameter.getKey();
      Optional<String> place = TemplatePaths.place(name);
      if (place.isPresent()) {
        put(root, place.get().split("\\."), 0, parameter.getValue());
      } else if (!name.matches("Volume\\.[0-9]+\\.Type")
          || !part(root, name, parameter.getValue())) {
        root.withObjectProperty("Parameters").put(name, parameter.getValue());
      }
    }
    return EciJson.rpc().treeToValue(root, GroupTemplate.class);
  }

  /** The part of a volume tells its type, also if it says nothing else; not all types have one. */
  private static boolean part(ObjectNode root, String parameter, String type) {
    String part =
        TemplateReading.VOLUME_TYPES.entrySet().stream()
            .filter(known -> known.getValue().equals(type))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("");
    if (part.isEmpty()) {
      return false;
    }
    String volume = parameter.substring("Volume.".length(), parameter.length() - ".Type".length());
    ArrayNode volumes = root.withObjectProperty("Spec").withArrayProperty("Volumes");
    ObjectNode _ = element(volumes, Integer.parseInt(volume)).withObjectProperty(part);
    return true;
  }

  private static void put(ObjectNode node, String[] path, int at, String value) {
    String name = path[at];
    if (at == path.length - 1) {
      node.put(name, value);
    } else if (!isIndex(path[at + 1])) {
      put(node.withObjectProperty(name), path, at + 1, value);
    } else if (at + 1 == path.length - 1) {
      texts(node.withArrayProperty(name), Integer.parseInt(path[at + 1]), value);
    } else {
      ArrayNode list = node.withArrayProperty(name);
      put(element(list, Integer.parseInt(path[at + 1])), path, at + 2, value);
    }
  }

  private static void texts(ArrayNode list, int number, String value) {
    while (list.size() < number) {
      list.add("");
    }
    list.set(number - 1, value);
  }

  private static ObjectNode element(ArrayNode list, int number) {
    while (list.size() < number) {
      list.addObject();
    }
    JsonNode element = list.get(number - 1);
    return (ObjectNode) element;
  }

  private static boolean isIndex(String part) {
    return part.matches("[0-9]+");
  }
}
