package io.podyard.runtime.simulated;

import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.Map;
import java.util.regex.Pattern;

/** Parameters of a simulated kernel: each takes numbers, as most of a real one's do. */
final class SimulatedSysctls {

  private static final Pattern NUMBERS = Pattern.compile("-?[0-9]+([ \t,-]+[0-9]+)*");

  private SimulatedSysctls() {}

  /**
   * @throws RuntimeUnavailableException for the users of the group, if a parameter cannot be set
   */
  static void require(GroupSpec group) throws RuntimeUnavailableException {
    for (Map.Entry<String, String> parameter : group.sysctls().entrySet()) {
      if (!NUMBERS.matcher(parameter.getValue()).matches()) {
        throw RuntimeUnavailableException.refusing(
            "FailedSysctl",
            "Kernel parameter %s cannot be set to \"%s\": invalid argument"
                .formatted(parameter.getKey(), parameter.getValue()));
      }
    }
  }
}
