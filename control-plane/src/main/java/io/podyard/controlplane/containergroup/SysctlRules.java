package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.GroupSecurityContextRequest;
import io.podyard.api.containergroup.GroupSecurityContextRequest.Sysctl;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kernel parameters of a group (contract section 11): only those of namespaces that are the group's
 * own. The safe ones, which reach nobody else, are in one list of the request, all others in
 * another; whether its operator allows the latter is for {@link AllowedSysctls} to say.
 */
final class SysctlRules {

  static final String SAFE_LIST = "SecurityContext";
  static final String HOST_LIST = "HostSecurityContext";

  /** Those of the contract, and those that Kubernetes has as safe beside them. */
  static final Set<String> SAFE =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ping_group_range",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_syncookies");

  /** The contract's others; what else there is belongs to the host. */
  private static final Pattern NAMESPACED =
      Pattern.compile("kernel\\.(shm\\w+|msg\\w+|sem)|fs\\.mqueue\\.\\w+|net(\\.[a-zA-Z0-9_-]+)+");

  private static final Pattern VALUE = Pattern.compile("[ -~\\t]+");

  /** The gateway lets one more through (contract section 7). */
  private static final int MOST = 100;

  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_VALUE = 256;

  private final Findings findings;
  private final SortedMap<String, String> read = new TreeMap<>();

  private SysctlRules(Findings findings) {
    this.findings = findings;
  }

  /** The parameters of a request, null for none. */
  static @Nullable SortedMap<String, String> read(
      CreateContainerGroupRequest request, Findings findings) {
    SysctlRules rules = new SysctlRules(findings);
    rules.read(HOST_LIST, of(request.hostSecurityContext()));
    rules.read(SAFE_LIST, of(request.securityContext()));
    return rules.read.isEmpty() ? null : rules.read;
  }

  static List<Sysctl> of(@Nullable GroupSecurityContextRequest context) {
    return context == null ? List.of() : context.sysctl();
  }

  /** Whether a parameter is the group's own and not safe, so that the operator has to allow it. */
  static boolean isForTheOperator(String name) {
    return !SAFE.contains(name) && NAMESPACED.matcher(name).matches();
  }

  static String path(String list, int index) {
    return list + ".Sysctl." + (index + 1);
  }

  private void read(String list, List<Sysctl> asked) {
    if (asked.size() > MOST) {
      findings.tooMany(list + ".Sysctl", asked.size(), MOST);
    }
    for (int i = 0; i < asked.size(); i++) {
      String path = path(list, i);
      String name = name(list, path + ".Name", asked.get(i).name());
      String value = value(path + ".Value", asked.get(i).value());
      if (name != null && value != null && read.putIfAbsent(name, value) != null) {
        findings.invalid(path + ".Name", name, "is given twice");
      }
    }
  }

  private @Nullable String name(String list, String parameter, @Nullable String name) {
    if (name == null || name.isEmpty()) {
      findings.missing(parameter);
      return null;
    }
    if (findings.tooLong(parameter, name, LONGEST_NAME)) {
      return null;
    }
    String where = SAFE.contains(name) ? SAFE_LIST : HOST_LIST;
    if (!SAFE.contains(name) && !NAMESPACED.matcher(name).matches()) {
      findings.invalid(
          parameter,
          name,
          "is the host's and cannot be set; net.*, kernel.shm*, kernel.msg*, kernel.sem and"
              + " fs.mqueue.* can");
      return null;
    }
    if (!where.equals(list)) {
      findings.invalid(parameter, name, "is to be given in " + where + ".Sysctl");
      return null;
    }
    return name;
  }

  private @Nullable String value(String parameter, @Nullable String value) {
    if (value == null || value.isBlank()) {
      findings.missing(parameter);
      return null;
    }
    if (findings.tooLong(parameter, value, LONGEST_VALUE)) {
      return null;
    }
    if (!VALUE.matcher(value).matches()) {
      findings.invalid(parameter, value, "must be printable ASCII characters on one line");
      return null;
    }
    return value.strip();
  }
}
