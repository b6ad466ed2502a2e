package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AllowedCapabilitiesTest {

  private static final String REFUSAL =
      "is not allowed here; the operator can allow it with PODYARD_ALLOWED_CAPABILITIES";

  private static List<Problem> problems(Set<String> allowed) {
    List<Problem> problems = new ArrayList<>();
    new AllowedCapabilities(allowed)
        .check(
            CreateRequests.decoded(
                    "Container.1.SecurityContext.Capability.Add.1=NET_RAW",
                    "Container.1.SecurityContext.Capability.Add.2=SYS_ADMIN",
                    "Container.1.SecurityContext.Capability.Add.3=NET_ADMIN",
                    "InitContainer.1.Name=init",
                    "InitContainer.1.Image=i",
                    "InitContainer.1.SecurityContext.Capability.Add.1=NET_ADMIN")
                .draft(),
            problems::add);
    return problems;
  }

  private static Problem refused(String parameter, String name) {
    return new Problem(ErrorCode.INVALID_PARAMETER, parameter, name, REFUSAL);
  }

  @Test
  void whatIsNotAllowedIsRefusedWithTheNameOfTheSetting() {
    Problem raw = refused("Container.1.SecurityContext.Capability.Add.1", "NET_RAW");
    Problem admin = refused("Container.1.SecurityContext.Capability.Add.3", "NET_ADMIN");
    Problem init = refused("InitContainer.1.SecurityContext.Capability.Add.1", "NET_ADMIN");

    // SYS_ADMIN is wrong for everybody, which the other rules say.
    assertThat(problems(Set.of())).containsExactly(raw, admin, init);
    assertThat(problems(Set.of("NET_RAW"))).containsExactly(admin, init);
    assertThat(problems(Set.of("NET_ADMIN"))).containsExactly(raw);
    assertThat(problems(Set.of("NET_ADMIN", "NET_RAW"))).isEmpty();
  }
}
