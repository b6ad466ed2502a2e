package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.SecurityContextRequest;
import io.podyard.controlplane.settings.PodyardSettings;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Which capabilities containers may add. The contract knows two (section 11), one of them by ticket
 * only; both let a container at the network beyond its group, so the operator allows them or not.
 */
@Component
class AllowedCapabilities {

  private final Set<String> allowed;

  @Autowired
  AllowedCapabilities(PodyardSettings settings) {
    this(settings.allowedCapabilities());
  }

  AllowedCapabilities(Set<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /** Finds those of the contract's that are not allowed; others are wrong for everybody. */
  void check(CreateContainerGroupRequest request, Consumer<Problem> problems) {
    for (ContainerAsked container : ContainerAsked.of(request)) {
      SecurityContextRequest context = container.securityContext();
      List<String> added =
          context == null || context.capability() == null ? List.of() : context.capability().add();
      for (int i = 0; i < added.size(); i++) {
        String name = added.get(i);
        if (ContainerRules.CAPABILITIES.contains(name) && !allowed.contains(name)) {
          problems.accept(
              new Problem(
                  ErrorCode.INVALID_PARAMETER,
                  container.path() + ".SecurityContext.Capability.Add." + (i + 1),
                  name,
                  "is not allowed here; the operator can allow it with"
                      + " PODYARD_ALLOWED_CAPABILITIES"));
        }
      }
    }
  }
}
