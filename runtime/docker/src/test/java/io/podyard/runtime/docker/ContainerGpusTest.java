package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.DeviceRequest;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerRefusedException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** GPUs as they are asked of a real engine, which here has none. */
@Tag("docker")
class ContainerGpusTest extends EngineGround {

  private static final ContainerSpec GREEDY =
      Specs.changed(
          shell("app", "sleep 100"),
          c -> c.environment = List.of(EnvironmentVariable.of(ContainerGpus.VARIABLE, "all")));

  private InspectContainerResponse inspect(ContainerGroupId group) throws Exception {
    String id = view(group, "app").engineId();
    return EngineObjects.ask(docker -> docker.inspectContainerCmd(id).exec());
  }

  @Test
  void theDevicesAreAskedForByTheirNumbersAndNoOthersAreSeen() throws Exception {
    GroupSpec spec = spec(GREEDY);
    ContainerGroupId group = group(spec);
    engine.createContainer(
        new ContainerOrder(
            name(group, "app"), ALICE, spec, GREEDY, sandbox(group).ip(), List.of(0, 12)),
        FENCE);

    InspectContainerResponse made = inspect(group);
    assertThat(made.getHostConfig().getDeviceRequests())
        .containsExactly(
            new DeviceRequest()
                .withCount(0)
                .withDriver("nvidia")
                .withDeviceIds(List.of("0", "12"))
                .withCapabilities(List.of(List.of("gpu"))));
    assertThat(made.getConfig().getEnv())
        .filteredOn(variable -> variable.startsWith(ContainerGpus.VARIABLE))
        .containsExactly("NVIDIA_VISIBLE_DEVICES=0,12");

    String id = view(group, "app").engineId();
    assertThatThrownBy(() -> engine.startContainer(id, FENCE))
        .isInstanceOfSatisfying(
            ContainerRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(ContainerRefusedException.GPU_UNAVAILABLE))
        .hasMessageContaining("could not select device driver");
  }

  @Test
  void aContainerWithoutGpusSeesNoneWhateverItSaysOfItself() throws Exception {
    ContainerGroupId group = running(GREEDY);

    assertThat(inspect(group).getHostConfig().getDeviceRequests()).isNullOrEmpty();
    assertThat(output(group, "app", "env")).contains("NVIDIA_VISIBLE_DEVICES=void");
  }
}
