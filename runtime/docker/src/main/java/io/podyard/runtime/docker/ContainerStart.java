package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotModifiedException;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.pod.ContainerRefusedException;
import java.util.Optional;

/** Starts containers that were made, once. */
final class ContainerStart {

  /** The engine's own exit code of what could not be run although it is there. */
  static final int NOT_EXECUTABLE = 126;

  /** The engine's own exit code of what is not there. */
  static final int NOT_FOUND = 127;

  /** An engine short of something says the same as of a container that is no good. */
  private static final int TRIES = 3;

  private final EngineCalls calls;

  ContainerStart(EngineCalls calls) {
    this.calls = calls;
  }

  void start(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException {
    for (int tries = 1; ; tries++) {
      if (!"created".equals(state(engineId).getStatus())) {
        return;
      }
      Optional<DockerException> refusal =
          calls.change(
              fence,
              docker -> {
                try {
                  docker.startContainerCmd(engineId).exec();
                  return Optional.<DockerException>empty();
                } catch (NotModifiedException e) {
                  return Optional.<DockerException>empty();
                } catch (BadRequestException | InternalServerErrorException e) {
                  return Optional.of(e);
                }
              });
      if (refusal.isEmpty()) {
        return;
      }
      ContainerState after = state(engineId);
      boolean forGood = refusal.get() instanceof BadRequestException || cannotRun(after);
      boolean ofTheContainer = after.getError() != null && !after.getError().isEmpty();
      if (forGood || (ofTheContainer && tries == TRIES)) {
        throw new ContainerRefusedException(
            ContainerGpus.lacks(refusal.get())
                ? ContainerRefusedException.GPU_UNAVAILABLE
                : "ContainerCannotRun",
            EngineErrors.words(refusal.get()));
      }
      if (!ofTheContainer) {
        throw calls.unavailable(refusal.get());
      }
    }
  }

  /** Whether the engine says that a container that never ran never will. */
  static boolean cannotRun(ContainerState state) {
    Long code = state.getExitCodeLong();
    return "created".equals(state.getStatus())
        && code != null
        && (code == NOT_EXECUTABLE || code == NOT_FOUND);
  }

  private ContainerState state(String engineId) throws RuntimeUnavailableException {
    return calls.read(docker -> docker.inspectContainerCmd(engineId).exec().getState());
  }
}
