package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.EnvironmentVarRequest;
import io.podyard.runtime.EnvironmentVariable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a container (contract sections 7 and 11). Values are never part of a message.
 * Variables by which a container says something of itself (contract section 5) are passed on like
 * others; a value that says nothing is refused.
 */
final class EnvironmentRules {

  /** The only field of a group a variable can show. */
  static final String POD_IP = "status.podIP";

  private static final int MOST_VARIABLES = 240;
  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;
  private static final Pattern KEY = Pattern.compile("[A-Za-z_][0-9A-Za-z_]*");

  /** What a container may say of itself, by the name of the variable, in any case. */
  private static final Map<String, Set<String>> OF_ITSELF =
      Map.of(
          ContainerAsked.TYPE,
          Set.of("sidecar", "normal"),
          ContainerAsked.IGNORE_EXIT_CODE,
          Set.of("true", "false"));

  private EnvironmentRules() {}

  static List<EnvironmentVariable> read(ContainerAsked container, Findings findings) {
    List<EnvironmentVarRequest> asked = container.environment();
    String list = container.path() + ".EnvironmentVar";
    if (asked.size() > MOST_VARIABLES) {
      findings.tooMany(list, asked.size(), MOST_VARIABLES);
    }
    List<EnvironmentVariable> variables = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < asked.size(); i++) {
      EnvironmentVarRequest variable = asked.get(i);
      String path = list + "." + (i + 1);
      String key = key(path + ".Key", variable.key(), findings);
      if (!key.isEmpty() && !keys.add(key)) {
        findings.invalid(path + ".Key", key, "must be given once in a container");
      }
      checkOfItself(path, key, variable, container.init(), findings);
      variables.add(variable(path, key, variable, findings));
    }
    return variables;
  }

  private static String key(String parameter, @Nullable String key, Findings findings) {
    if (key == null || key.isEmpty()) {
      findings.missing(parameter);
      return "";
    }
    if (!findings.tooLong(parameter, key, LONGEST_KEY) && !KEY.matcher(key).matches()) {
      findings.invalid(
          parameter, key, "must be letters, digits and '_', and not start with a digit");
    }
    return key;
  }

  private static void checkOfItself(
      String path, String key, EnvironmentVarRequest asked, boolean init, Findings findings) {
    Set<String> accepted = OF_ITSELF.get(key);
    if (accepted == null) {
      return;
    }
    String value = asked.value() == null ? "" : asked.value();
    String field = asked.fieldRef() == null ? null : asked.fieldRef().fieldPath();
    if (field != null && !field.isEmpty()) {
      findings.invalid(path + ".FieldRef.FieldPath", field, "cannot be the value of " + key);
    } else if (!value.isEmpty()
        && accepted.stream().noneMatch(word -> word.equalsIgnoreCase(value))) {
      findings.invalid(
          path + ".Value",
          null,
          "of %s must be %s".formatted(key, String.join(" or ", new TreeSet<>(accepted))));
    } else if (init && key.equals(ContainerAsked.TYPE) && value.equalsIgnoreCase("sidecar")) {
      findings.invalid(path + ".Value", null, "cannot be sidecar for an init container");
    }
  }

  private static EnvironmentVariable variable(
      String path, String key, EnvironmentVarRequest asked, Findings findings) {
    String value = asked.value() == null ? "" : asked.value();
    findings.tooLong(path + ".Value", value, LONGEST_VALUE);
    String field = asked.fieldRef() == null ? null : asked.fieldRef().fieldPath();
    if (field == null || field.isEmpty()) {
      return EnvironmentVariable.of(key, value);
    }
    String parameter = path + ".FieldRef.FieldPath";
    if (!field.equals(POD_IP)) {
      findings.invalid(parameter, field, "must be " + POD_IP);
    } else if (!value.isEmpty()) {
      findings.invalid(parameter, null, "cannot be given together with Value");
    }
    return EnvironmentVariable.podIp(key);
  }
}
