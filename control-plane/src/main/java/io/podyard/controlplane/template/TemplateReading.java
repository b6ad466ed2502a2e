package io.podyard.controlplane.template;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a template as the parameters of the create that it stands for. */
final class TemplateReading {

  /** What is in front of places in problems, and the field they are about. */
  static final String TEMPLATE = "Template";

  private static final String PARAMETERS = "Parameters";
  private static final String REGION = "RegionId";

  /** More than any group can have; a document of more is not gone through. */
  private static final int MOST_LEAVES = 20_000;

  private static final Pattern VARIABLE =
      Pattern.compile("((?:Init)?Container\\.[0-9]+)\\.EnvironmentVar\\.[0-9]+\\.Key");

  /** The parts of a volume, and the type that each stands for. */
  static final Map<String, String> VOLUME_TYPES =
      Map.of("ConfigFile", "ConfigFileVolume", "EmptyDir", "EmptyDirVolume", "Nfs", "NFSVolume");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, String> parameters = new TreeMap<>();
  private final Consumer<Problem> problems;
  private @Nullable String region;
  private int leaves;

  private TemplateReading(Consumer<Problem> problems) {
    this.problems = problems;
  }

  /**
   * Reads one; of no use if there are problems.
   *
   * @param region of the request, with which that of the template must agree
   */
  static Map<String, String> read(
      @Nullable String text, String region, Consumer<Problem> problems) {
    if (text == null || text.isEmpty()) {
      problems.accept(Problem.missing(TEMPLATE));
      return Map.of();
    }
    JsonNode document;
    try {
      document = JSON.readTree(text);
    } catch (JacksonException e) {
      document = null;
    }
    if (document == null || !document.isObject()) {
      problems.accept(
          Problem.of(
              ErrorCode.INVALID_PARAMETER,
              TEMPLATE,
              "must be a JSON object as ExportContainerGroupTemplate answers it"));
      return Map.of();
    }
    TemplateReading reading = new TemplateReading(problems);
    reading.walk(document, "");
    reading.types(document.path("Spec").path("Volumes"));
    reading.checkHidden();
    if (reading.region != null && !reading.region.equals(region)) {
      reading.refuse(REGION, "must be %s, as in the request".formatted(region));
    }
    return reading.parameters;
  }

  private void walk(JsonNode node, String path) {
    if (leaves > MOST_LEAVES) {
      return;
    }
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        walk(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey());
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(node.get(i), path + "." + (i + 1));
      }
    } else if (!node.isNull()) {
      leaves++;
      if (leaves > MOST_LEAVES) {
        problems.accept(
            Problem.of(
                ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
                TEMPLATE,
                "has more than %d values".formatted(MOST_LEAVES)));
        return;
      }
      leaf(path, node.asString());
    }
  }

  private void leaf(String place, String value) {
    if (place.equals(REGION)) {
      region = value;
    } else if (place.startsWith(PARAMETERS + ".")) {
      parameters.put(place.substring(PARAMETERS.length() + 1), value);
    } else {
      TemplatePaths.parameter(place)
          .ifPresentOrElse(
              parameter -> parameters.put(parameter, value),
              () -> refuse(place, "is not something that a template can say here"));
    }
  }

  /** A volume is of the type of the part that it has, also if that is empty, or as it is said. */
  private void types(JsonNode volumes) {
    for (int i = 0; volumes.isArray() && i < volumes.size(); i++) {
      JsonNode volume = volumes.get(i);
      List<String> types =
          VOLUME_TYPES.entrySet().stream()
              .filter(type -> volume.path(type.getKey()).isObject())
              .map(Map.Entry::getValue)
              .toList();
      String type = "Volume." + (i + 1) + ".Type";
      if (types.size() == 1) {
        parameters.put(type, types.getFirst());
      } else if (!types.isEmpty() || !parameters.containsKey(type)) {
        refuse(
            "Spec.Volumes." + (i + 1),
            "must have one of ConfigFile, EmptyDir and Nfs, not %d of them"
                .formatted(types.size()));
      }
    }
  }

  /** A hidden value is not in an exported template, and nothing is no value. */
  private void checkHidden() {
    for (String name : List.copyOf(parameters.keySet())) {
      Matcher variable = VARIABLE.matcher(name);
      if (variable.matches()) {
        String at = name.substring(0, name.length() - "Key".length());
        boolean hidden =
            "true".equalsIgnoreCase(parameters.get(variable.group(1) + ".EnvironmentVarHide"));
        if (hidden
            && !parameters.containsKey(at + "Value")
            && !parameters.containsKey(at + "FieldRef.FieldPath")) {
          problems.accept(
              Problem.of(
                  ErrorCode.MISSING_PARAMETER,
                  place(at + "Value"),
                  "is not in the template because it is hidden; it has to be put in"));
        }
      }
    }
  }

  private void refuse(String place, String message) {
    problems.accept(Problem.of(ErrorCode.INVALID_PARAMETER, TEMPLATE + "." + place, message));
  }

  /** Where in a template a parameter of the create stands or would stand. */
  static String place(String parameter) {
    return TEMPLATE
        + "."
        + TemplatePaths.place(parameter).orElseGet(() -> PARAMETERS + "." + parameter);
  }
}
