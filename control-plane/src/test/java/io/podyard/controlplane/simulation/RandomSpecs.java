package io.podyard.controlplane.simulation;

import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RestartPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Groups of all fates: that run, end well and badly, crash, cannot be fetched or do not stop. */
final class RandomSpecs {

  /** Of an image whose creates may take effect after the engine was given up. */
  static final String LATE = "late/app:1";

  private static final List<Size> SIZES =
      List.of(Size.of(500, 1024), Size.of(1000, 2048), Size.of(2000, 4096), Size.of(4000, 8192));

  private static final List<String> IMAGES =
      List.of(
          "app:1",
          "app:1",
          "app:1",
          LATE,
          LATE,
          "exit-0",
          "exit-5",
          "crash-loop",
          "oom-killed",
          "ignores-stop",
          "start-refused",
          "not-found",
          "pull-flaky",
          "pull-slow");

  private final SplittableRandom random;

  RandomSpecs(SplittableRandom random) {
    this.random = random;
  }

  Size size() {
    return any(SIZES);
  }

  GroupSpec next(String name) {
    List<ContainerSpec> containers = new ArrayList<>();
    containers.add(container("app"));
    if (random.nextInt(4) == 0) {
      containers.add(container("beside"));
    }
    GroupSpec spec =
        GroupSpec.of(
            name,
            any(SIZES.subList(0, random.nextInt(4) == 0 ? 4 : 3)),
            any(List.of(RestartPolicy.values())),
            containers.toArray(ContainerSpec[]::new));
    return random.nextInt(5) == 0
        ? spec.withContainers(
            List.of(ContainerSpec.of("init", "app:1", "sleep", "1")), spec.containers())
        : spec;
  }

  private ContainerSpec container(String name) {
    String image = any(IMAGES);
    return switch (random.nextInt(4)) {
      case 0 -> ContainerSpec.of(name, image, "sleep", "" + (1 + random.nextInt(30)));
      case 1 -> ContainerSpec.of(name, image, "exit", "" + random.nextInt(3));
      default -> ContainerSpec.of(name, image);
    };
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
