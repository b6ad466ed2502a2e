package io.podyard.runtime;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the containers of a group have in common besides their network (contract section 11).
 *
 * @param sharedProcesses whether they see and may signal one another's processes; process 1 is then
 *     the sandbox's
 * @param sysctls parameters of the kernel, by name, of the namespaces that are the group's own;
 *     null for none, as in groups stored before there were any
 */
public record KernelSettings(boolean sharedProcesses, @Nullable SortedMap<String, String> sysctls) {

  /** What a group has that asks for nothing. */
  public static final KernelSettings DEFAULT = new KernelSettings(false, null);

  public KernelSettings {
    sysctls =
        sysctls == null || sysctls.isEmpty()
            ? null
            : Collections.unmodifiableSortedMap(new TreeMap<>(sysctls));
  }

  /** The same parameters, an empty map for none. */
  public Map<String, String> parameters() {
    return sysctls == null ? Map.of() : sysctls;
  }
}
