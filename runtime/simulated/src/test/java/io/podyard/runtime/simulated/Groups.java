package io.podyard.runtime.simulated;

import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RestartPolicy;

final class Groups {

  private Groups() {}

  /** One container, {@code app}, that runs until it is stopped. */
  static GroupSpec staying(RestartPolicy policy) {
    return of(policy, ContainerSpec.of("app", "nginx:1.27", "sleep", "100000"));
  }

  static GroupSpec of(RestartPolicy policy, ContainerSpec... containers) {
    return GroupSpec.of("g", Size.of(250, 256), policy, containers);
  }
}
