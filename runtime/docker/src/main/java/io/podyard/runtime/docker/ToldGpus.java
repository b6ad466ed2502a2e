package io.podyard.runtime.docker;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How many GPUs an engine tells of. That it knows NVIDIA's runtime says nothing of how many there
 * are. It tells of devices where its operator configured them ({@code node-generic-resources}), or
 * where it found descriptions of them ({@code DiscoveredDevices}, from release 28.2 on). None of it
 * says of which model they are.
 */
final class ToldGpus {

  private static final String CDI_GPU = "nvidia.com/gpu=";

  private ToldGpus() {}

  /**
   * @param info the engine's answer as it came
   */
  static int count(Map<String, Object> info) {
    return Math.max(configured(list(info, "GenericResources")), found(info));
  }

  private static int configured(List<?> resources) {
    TreeSet<String> named = new TreeSet<>();
    int counted = 0;
    for (Object resource : resources) {
      Map<?, ?> name = map(resource, "NamedResourceSpec");
      Map<?, ?> number = map(resource, "DiscreteResourceSpec");
      if (isGpu(name)) {
        named.add(String.valueOf(name.get("Value")));
      } else if (isGpu(number) && number.get("Value") instanceof Number value) {
        counted += Math.max(0, value.intValue());
      }
    }
    return named.size() + counted;
  }

  /** Beside its number a device may have a name, and "all" stands for all of them. */
  private static int found(Map<String, Object> info) {
    TreeSet<Integer> numbers = new TreeSet<>();
    for (Object device : list(info, "DiscoveredDevices")) {
      if (device instanceof Map<?, ?> one && one.get("ID") instanceof String id) {
        String number = id.startsWith(CDI_GPU) ? id.substring(CDI_GPU.length()) : "";
        if (number.matches("[0-9]{1,3}")) {
          numbers.add(Integer.valueOf(number));
        }
      }
    }
    return numbers.size();
  }

  private static boolean isGpu(Map<?, ?> resource) {
    String kind = String.valueOf(resource.get("Kind")).toLowerCase(Locale.ROOT);
    return kind.equals("gpu") || kind.startsWith("nvidia") || kind.endsWith("-gpu");
  }

  private static List<?> list(Map<String, Object> info, String name) {
    @Nullable Object value = info.get(name);
    return value instanceof List<?> list ? list : List.of();
  }

  private static Map<?, ?> map(Object resource, String name) {
    return resource instanceof Map<?, ?> one && one.get(name) instanceof Map<?, ?> inner
        ? inner
        : Map.of();
  }
}
