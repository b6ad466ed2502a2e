package io.podyard.runtime.pod;

import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RestartPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Specs for tests: containers are named, images are {@code img} unless said otherwise. */
final class Specs {

  static final String IMAGE = "img";

  private Specs() {}

  static ContainerSpec container(String name) {
    return container(name, IMAGE, PullPolicy.IF_NOT_PRESENT);
  }

  static ContainerSpec container(String name, String image, PullPolicy policy) {
    return ContainerSpec.of(name, image).with(policy);
  }

  static GroupSpec group(RestartPolicy policy, String... containers) {
    return group(policy, List.of(), List.of(containers));
  }

  static GroupSpec group(RestartPolicy policy, List<String> init, List<String> containers) {
    return of(
        policy,
        init.stream().map(Specs::container).toList(),
        containers.stream().map(Specs::container).toList(),
        null);
  }

  static GroupSpec of(
      RestartPolicy policy,
      List<ContainerSpec> init,
      List<ContainerSpec> containers,
      @Nullable Long activeDeadlineSeconds) {
    return new GroupSpec(
        GroupSpec.CURRENT_VERSION,
        "web",
        Size.of(1000, 1024),
        policy,
        init,
        containers,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        30,
        activeDeadlineSeconds,
        60,
        null,
        null,
        null,
        null);
  }
}
