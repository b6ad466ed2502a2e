package io.podyard.runtime.pod;

import io.podyard.runtime.CheckResult;
import io.podyard.runtime.ContainerRole;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Handler;
import io.podyard.runtime.Lifecycle;
import io.podyard.runtime.Probe;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Random specs with random lives of their containers. */
final class RandomGroup {

  private final SplittableRandom random;

  RandomGroup(SplittableRandom random) {
    this.random = random;
  }

  GroupSpec spec(ScriptedEngine engine) {
    engine.pullTakes = Duration.ofSeconds(random.nextInt(3) * 4L);
    List<ContainerSpec> init = containers(engine, "init", random.nextInt(3));
    List<ContainerSpec> apps = containers(engine, "app", 1 + random.nextInt(3));
    Long deadline = random.nextInt(5) == 0 ? (Long) random.nextLong(20, 200) : null;
    RestartPolicy policy = one(List.of(RestartPolicy.values()));
    return Specs.of(policy, init, apps, deadline);
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private List<ContainerSpec> containers(ScriptedEngine engine, String prefix, int count) {
    List<ContainerSpec> specs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = prefix + i;
      String image = "image" + random.nextInt(3);
      PullPolicy policy =
          random.nextBoolean() ? PullPolicy.IF_NOT_PRESENT : one(List.of(PullPolicy.values()));
      ContainerSpec spec = Specs.container(name, image, policy);
      specs.add(prefix.equals("app") ? withLifecycle(engine, spec) : spec);
      engine.lives(name, lives(prefix.equals("init")));
      if (random.nextInt(3) == 0) {
        engine.present(image);
      }
      engine.failPulls(
          image,
          Collections.nCopies(
                  random.nextInt(3) == 0 ? random.nextInt(4) : 0,
                  new ImageView.Failed("ErrImagePull", "no", random.nextInt(2) * 15))
              .toArray(ImageView.Failed[]::new));
    }
    return specs;
  }

  private ContainerSpec withLifecycle(ScriptedEngine engine, ContainerSpec spec) {
    ContainerSpec with =
        spec.with(
            new Lifecycle(
                random.nextInt(6) == 0 ? probe() : null,
                random.nextInt(6) == 0 ? probe() : null,
                random.nextInt(6) == 0 ? new Handler.Exec(List.of("/up")) : null,
                random.nextInt(6) == 0 ? new Handler.TcpSocket(null, 80) : null));
    List<CheckResult> results = new ArrayList<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      results.add(new CheckResult(random.nextInt(3) > 0, "no"));
    }
    results.add(new CheckResult(true, ""));
    engine.checks(spec.name(), results.toArray(CheckResult[]::new));
    if (random.nextInt(6) == 0) {
      with = with.with(ContainerRole.SIDECAR);
    }
    return random.nextInt(8) == 0 ? with.ignoringExitCode() : with;
  }

  private Probe probe() {
    return new Probe(
        new Handler.HttpGet(null, 80, "/", false, List.of()),
        random.nextInt(10),
        1 + random.nextInt(20),
        1,
        1 + random.nextInt(2),
        1 + random.nextInt(3));
  }

  /** The same group with some containers, or all, to be made anew. */
  GroupSpec another(GroupSpec spec, long generation) {
    boolean all = !spec.initContainers().isEmpty() && random.nextBoolean();
    return Specs.of(
        one(List.of(RestartPolicy.values())),
        spec.initContainers().stream().map(c -> all ? c.withRevision(generation) : c).toList(),
        spec.containers().stream()
            .map(c -> all || random.nextBoolean() ? c.withRevision(generation) : c)
            .toList(),
        spec.activeDeadlineSeconds());
  }

  private Life[] lives(boolean init) {
    List<Life> lives = new ArrayList<>();
    int bad = random.nextInt(3);
    for (int i = 0; i < bad; i++) {
      lives.add(
          switch (random.nextInt(6)) {
            case 0 -> Life.NOT_MADE;
            case 1 -> Life.NOT_STARTED;
            case 2 -> Life.OUT_OF_MEMORY;
            case 3 -> Life.ends(Duration.ZERO, 2);
            default -> Life.ends(Duration.ofSeconds(random.nextInt(700)), random.nextInt(3));
          });
    }
    lives.add(
        init || random.nextInt(3) == 0
            ? Life.ends(Duration.ofSeconds(random.nextInt(20)), 0)
            : random.nextInt(3) == 0 ? Life.STUBBORN : Life.STAYS);
    return lives.toArray(Life[]::new);
  }
}
