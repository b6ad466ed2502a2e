package io.podyard.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.util.List;
import java.util.Map;

/** The volumes of one engine, whatever they are for. */
final class EngineVolumes {

  private final EngineCalls calls;

  EngineVolumes(EngineCalls calls) {
    this.calls = calls;
  }

  /**
   * Makes a volume unless it is there.
   *
   * @param options what the engine's own driver is told
   */
  void make(String name, Map<String, String> options, Map<String, String> labels, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    calls.act(
        fence,
        docker ->
            docker
                .createVolumeCmd()
                .withName(name)
                .withDriver("local")
                .withDriverOpts(options)
                .withLabels(labels)
                .exec());
  }

  /** Where the engine mounts a volume. */
  String place(String volume) throws RuntimeUnavailableException {
    return calls.read(docker -> docker.inspectVolumeCmd(volume).exec().getMountpoint());
  }

  /** The volumes that have all of some labels. */
  List<InspectVolumeResponse> find(Map<String, String> labels) throws RuntimeUnavailableException {
    List<String> filters =
        labels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    List<InspectVolumeResponse> found =
        calls.read(
            docker -> docker.listVolumesCmd().withFilter("label", filters).exec().getVolumes());
    return found == null ? List.of() : found;
  }

  void remove(String name, Fence fence) throws RuntimeUnavailableException, StaleFenceException {
    calls.act(fence, docker -> remove(docker, name));
  }

  /** Removes a volume unless a container has it; whether it is gone. */
  boolean removeUnused(String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    return calls.change(
        fence,
        docker -> {
          try {
            remove(docker, name);
            return true;
          } catch (ConflictException e) {
            return false;
          }
        });
  }

  static void remove(DockerClient docker, String name) {
    try {
      docker.removeVolumeCmd(name).exec();
    } catch (NotFoundException e) {
      // Gone already.
    }
  }
}
