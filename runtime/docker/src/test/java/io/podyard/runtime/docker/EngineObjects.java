package io.podyard.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.docker.http.EngineAddress;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.ContainerView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks past the engine under test at what Docker itself has. */
public final class EngineObjects {

  /** Of its own: who uses this class elsewhere need not have the contract's. */
  private static final Fence FENCE =
      new Fence() {
        @Override
        public long epoch() {
          return 1;
        }

        @Override
        public void check() {}
      };

  private EngineObjects() {}

  /** Everything that carries the label of an installation. */
  public static List<String> of(InstallationId installation) throws Exception {
    String label = Names.INSTALLATION + "=" + installation;
    return ask(
        docker -> {
          List<String> found = new ArrayList<>();
          docker
              .listContainersCmd()
              .withShowAll(true)
              .withLabelFilter(List.of(label))
              .exec()
              .forEach(c -> found.add("container " + c.getNames()[0]));
          docker
              .listImagesCmd()
              .withFilter("label", List.of(label))
              .exec()
              .forEach(i -> found.add("image " + i.getId()));
          var volumes = docker.listVolumesCmd().withFilter("label", List.of(label)).exec();
          if (volumes.getVolumes() != null) {
            volumes.getVolumes().forEach(v -> found.add("volume " + v.getName()));
          }
          docker
              .listNetworksCmd()
              .withFilter("label", List.of(label))
              .exec()
              .forEach(n -> found.add("network " + n.getName()));
          return found;
        });
  }

  /** Removes all that an installation has, in whatever state it was left. */
  public static void removeAll(DockerEngine engine, InstallationId installation) throws Exception {
    for (Map.Entry<ContainerGroupId, EngineView> group : engine.views(installation).entrySet()) {
      for (ContainerView container : group.getValue().containers()) {
        engine.removeContainer(container.engineId(), FENCE);
      }
      engine.removeSandbox(installation, group.getKey(), FENCE);
      engine.forgetLogs(installation, group.getKey());
    }
    for (String disk : engine.disks(installation)) {
      engine.removeDisk(installation, disk, FENCE);
    }
    for (String cache : engine.heldData(installation)) {
      engine.releaseData(installation, cache, FENCE);
    }
    for (String task : engine.committed(installation)) {
      engine.removeCommitted(installation, task, FENCE);
    }
  }

  /** Removes an image under all its names. One that is not there is fine. */
  public static void removeImage(String id) throws Exception {
    act(
        docker -> {
          try {
            docker.removeImageCmd(id).withForce(true).exec();
          } catch (NotFoundException e) {
            // It was never fetched.
          }
        });
  }

  @FunctionalInterface
  interface Question<T> {
    @Nullable T ask(DockerClient docker) throws Exception;
  }

  @FunctionalInterface
  interface Effect {
    void happen(DockerClient docker) throws Exception;
  }

  static <T> T ask(Question<T> question) throws Exception {
    DockerEngineSettings settings = EngineForTests.settings(Path.of("/nonexistent"));
    EngineAddress address = EngineAddress.of(settings.host(), settings.tlsFolder());
    try (EngineCalls calls = new EngineCalls(address, Duration.ofSeconds(30))) {
      return calls.<T, Exception>change(
          FENCE, docker -> Objects.requireNonNull(question.ask(docker)));
    }
  }

  static void act(Effect effect) throws Exception {
    boolean _ =
        ask(
            docker -> {
              effect.happen(docker);
              return true;
            });
  }
}
