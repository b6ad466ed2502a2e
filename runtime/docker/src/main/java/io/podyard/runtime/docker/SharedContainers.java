package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The containers of our own program that groups have besides those they asked for. */
final class SharedContainers {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final EngineCalls calls;

  SharedContainers(EngineCalls calls) {
    this.calls = calls;
  }

  Optional<InspectContainerResponse> inspect(String container) throws RuntimeUnavailableException {
    return calls.read(
        docker -> {
          try {
            return Optional.of(docker.inspectContainerCmd(container).exec());
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /** Makes a container unless it is there; answers what is there then. */
  InspectContainerResponse make(
      String name,
      String image,
      List<String> command,
      Map<String, String> labels,
      HostConfig config,
      Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    InspectContainerResponse found =
        calls.change(
            fence,
            docker -> {
              try {
                docker
                    .createContainerCmd(image)
                    .withName(name)
                    .withLabels(labels)
                    .withCmd(command)
                    .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                    .withHostConfig(config)
                    .exec();
              } catch (ConflictException e) {
                // It is there; what it is follows.
              }
              return docker.inspectContainerCmd(name).exec();
            });
    Map<String, String> has = found.getConfig().getLabels();
    if (!Names.same(labels, has == null ? Map.of() : has)) {
      throw new RuntimeUnavailableException(
          "engine " + calls.address() + " has something else under the name " + name);
    }
    return found;
  }

  /** Puts an archive into the root of a container. */
  void fill(String container, VolumeFilling filling, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    put(container, "%2F", filling::write, fence);
  }

  /** Puts an archive into a folder of a container. */
  void put(String container, String folder, EngineRequest.BodyWriter archive, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    try {
      calls.follow(
          EngineRequest.tar("PUT", "/containers/" + container + "/archive?path=" + folder, archive),
          CallScope.changing(calls.timeout(), fence),
          _ -> {});
    } catch (DockerException e) {
      throw calls.unavailable(e);
    }
  }

  void start(String container, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    calls.act(
        fence,
        docker -> {
          try {
            docker.startContainerCmd(container).exec();
          } catch (NotModifiedException e) {
            // It runs already.
          }
        });
  }

  /** Runs a container that was made to its end; answers its exit code. */
  int run(String container, Duration longest, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    start(container, fence);
    try {
      return calls.<Integer, RuntimeException>exchange(
          EngineRequest.post("/containers/" + container + "/wait", new byte[0]),
          CallScope.reading(longest),
          answer -> JSON.readTree(answer.getBody()).path("StatusCode").asInt(-1));
    } catch (DockerException e) {
      throw calls.unavailable(e);
    }
  }

  void remove(String container, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    calls.act(
        fence,
        docker -> {
          try {
            docker.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
          } catch (NotFoundException | ConflictException e) {
            // Gone already, or just going.
          }
        });
  }
}
