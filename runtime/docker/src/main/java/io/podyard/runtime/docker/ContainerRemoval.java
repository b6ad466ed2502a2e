package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.pod.ContainerName;
import java.util.Map;
import java.util.Optional;

/** Removes containers and keeps their logs. */
final class ContainerRemoval {

  private final EngineCalls calls;
  private final ContainerStops stops;
  private final ContainerLogs logs;

  ContainerRemoval(EngineCalls calls, ContainerStops stops, ContainerLogs logs) {
    this.calls = calls;
    this.stops = stops;
    this.logs = logs;
  }

  void remove(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    stops.forget(engineId);
    Optional<InspectContainerResponse> found = inspect(engineId);
    if (found.isEmpty()) {
      return;
    }
    InspectContainerResponse container = found.get();
    if (Boolean.TRUE.equals(container.getState().getRunning())) {
      stops.kill(engineId, "SIGKILL", fence);
      awaitEnd(engineId);
    }
    ContainerName name = Names.container(container.getConfig().getLabels());
    if (name != null && !"created".equals(container.getState().getStatus())) {
      logs.keep(engineId, name);
    }
    calls.act(
        fence,
        docker -> {
          try {
            docker.removeContainerCmd(engineId).withForce(true).withRemoveVolumes(true).exec();
          } catch (NotFoundException | ConflictException e) {
            // Gone already, or just going.
          }
        });
  }

  private Optional<InspectContainerResponse> inspect(String engineId)
      throws RuntimeUnavailableException {
    return calls.read(
        docker -> {
          try {
            return Optional.of(docker.inspectContainerCmd(engineId).exec());
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  private void awaitEnd(String engineId) throws RuntimeUnavailableException, StaleFenceException {
    try {
      calls.follow(
          new EngineRequest(
              "POST",
              "/containers/" + engineId + "/wait?condition=not-running",
              Map.of(),
              null,
              null),
          CallScope.reading(calls.timeout()),
          answer -> {
            answer.getBody().readAllBytes();
          });
    } catch (NotFoundException e) {
      // Gone altogether.
    } catch (DockerException e) {
      throw calls.unavailable(e);
    }
  }
}
