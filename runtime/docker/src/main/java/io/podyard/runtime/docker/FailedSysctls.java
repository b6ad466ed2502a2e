package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.Map;

/**
 * Parameters of the kernel that cannot be set. The engine fails to start the sandbox then, in words
 * that have the place of the parameter in them; trying again is of no use.
 */
final class FailedSysctls {

  static final String REASON = "FailedSysctl";

  private FailedSysctls() {}

  /** What became of a call that sets the parameters of a group. */
  static RuntimeUnavailableException told(RuntimeUnavailableException failed, GroupSpec spec) {
    if (!(failed.getCause() instanceof DockerException refusal)) {
      return failed;
    }
    String words = EngineErrors.words(refusal);
    for (Map.Entry<String, String> parameter : spec.sysctls().entrySet()) {
      String name = parameter.getKey();
      if (names(words, name)) {
        return RuntimeUnavailableException.refusing(
            REASON,
            "Kernel parameter %s cannot be set to \"%s\": %s"
                .formatted(
                    name,
                    parameter.getValue(),
                    words.substring(words.lastIndexOf(": ") + 1).strip()));
      }
    }
    return failed;
  }

  /** Also of two of which one begins as the other does, the right one. */
  private static boolean names(String words, String name) {
    return holds(words, "/proc/sys/" + name.replace('.', '/')) || holds(words, name);
  }

  private static boolean holds(String words, String place) {
    for (int at = words.indexOf(place); at >= 0; at = words.indexOf(place, at + 1)) {
      int end = at + place.length();
      if (end == words.length() || !isOfName(words.charAt(end))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }
}
