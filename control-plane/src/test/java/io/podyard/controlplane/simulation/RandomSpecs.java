package io.podyard.controlplane.simulation;

import io.podyard.controlplane.containergroup.SteppedGroups.Asked;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupGpus;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Groups of all fates: that run, end well and badly, crash, cannot be fetched or do not stop. */
final class RandomSpecs {

  /** Of an image whose creates may take effect after the engine was given up. */
  static final String LATE = "late/app:1";

  private static final List<Size> SIZES =
      List.of(Size.of(500, 1024), Size.of(1000, 2048), Size.of(2000, 4096), Size.of(4000, 8192));

  private static final List<Size> LARGE =
      List.of(Size.of(2000, 4096), Size.of(3000, 6144), Size.of(4000, 8192));

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

  /** Mostly these are the spot groups, so that they have what the others want. */
  private static final int FIRST = 3;

  private final SplittableRandom random;

  private final Features features;
  private int made;

  RandomSpecs(SplittableRandom random, Features features) {
    this.random = random;
    this.features = features;
  }

  Size size() {
    return any(SIZES);
  }

  Asked next(String name) {
    made++;
    List<ContainerSpec> containers = new ArrayList<>();
    containers.add(container("app"));
    if (random.nextInt(4) == 0) {
      containers.add(container("beside"));
    }
    GroupSpec spec =
        GroupSpec.of(
            name,
            features.crowded() ? any(LARGE) : any(SIZES.subList(0, random.nextInt(4) == 0 ? 4 : 3)),
            any(List.of(RestartPolicy.values())),
            containers.toArray(ContainerSpec[]::new));
    if (random.nextInt(5) == 0) {
      spec =
          spec.withContainers(
              List.of(ContainerSpec.of("init", "app:1", "sleep", "1")), spec.containers());
    }
    return new Asked(
        with(spec),
        vSwitches(),
        features.spot() && random.nextInt(10) < (made <= FIRST ? 8 : 2),
        random.nextInt(4) == 0 ? Duration.ofSeconds(20) : Duration.ofHours(1));
  }

  private GroupSpec with(GroupSpec spec) {
    GroupSpec wanted = spec;
    if (features.disks() && random.nextBoolean()) {
      wanted = wanted.withEphemeralMib(1024 * (31 + random.nextInt(60)));
    }
    if (features.gpus() && random.nextBoolean()) {
      GroupGpus gpus =
          random.nextBoolean()
              ? GroupGpus.of(1, 300 + random.nextInt(3) * 200)
              : GroupGpus.of(1 + random.nextInt(Ground.GPUS), 1000);
      wanted = wanted.withGpus(gpus.dividedAmong(Map.of(), Map.of("app", gpus.count())));
    }
    return wanted;
  }

  private List<String> vSwitches() {
    if (!features.vSwitches()) {
      return List.of();
    }
    return switch (random.nextInt(4)) {
      case 0 -> List.of();
      case 1 -> List.of(any(Ground.VSWITCHES));
      case 2 -> Ground.VSWITCHES;
      default -> Ground.VSWITCHES.reversed();
    };
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
