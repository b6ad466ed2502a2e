package io.podyard.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import io.podyard.model.InstallationId;
import io.podyard.runtime.docker.http.EngineAddress;
import io.podyard.runtime.docker.testing.EngineForTests;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks past the engine under test at what Docker itself has. */
final class EngineObjects {

  private EngineObjects() {}

  /** Everything that carries the label of an installation. */
  static List<String> of(InstallationId installation) throws Exception {
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
          EngineGround.FENCE, docker -> Objects.requireNonNull(question.ask(docker)));
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
