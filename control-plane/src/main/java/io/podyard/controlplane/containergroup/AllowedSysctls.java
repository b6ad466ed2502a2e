package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.GroupSecurityContextRequest.Sysctl;
import io.podyard.controlplane.settings.PodyardSettings;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Which kernel parameters groups may set beyond the safe ones. Each is the group's own, but some
 * take memory of the host or time of its kernel, so the operator allows them or not.
 */
@Component
class AllowedSysctls {

  private final Set<String> allowed;

  @Autowired
  AllowedSysctls(PodyardSettings settings) {
    this(settings.allowedSysctls());
  }

  AllowedSysctls(Set<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /** Finds those that are not allowed; what nobody may set is wrong for everybody. */
  void check(CreateContainerGroupRequest request, Consumer<Problem> problems) {
    List<Sysctl> asked = SysctlRules.of(request.hostSecurityContext());
    for (int i = 0; i < asked.size(); i++) {
      String name = asked.get(i).name();
      if (name != null && SysctlRules.isForTheOperator(name) && !isAllowed(name)) {
        problems.accept(
            new Problem(
                ErrorCode.INVALID_PARAMETER,
                SysctlRules.path(SysctlRules.HOST_LIST, i) + ".Name",
                name,
                "is not allowed here; the operator can allow it with PODYARD_ALLOWED_SYSCTLS"));
      }
    }
  }

  private boolean isAllowed(String name) {
    return allowed.stream()
        .anyMatch(
            one ->
                one.endsWith("*")
                    ? name.startsWith(one.substring(0, one.length() - 1))
                    : name.equals(one));
  }
}
