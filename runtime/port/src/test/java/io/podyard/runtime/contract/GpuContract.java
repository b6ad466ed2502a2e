package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupGpus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which of a host's GPUs containers see. */
abstract class GpuContract extends StatisticsContract {

  private static final String VISIBLE = "NVIDIA_VISIBLE_DEVICES";

  /** Whether the host can give GPUs to containers; one that cannot says so when they start. */
  protected boolean givesGpus() {
    return true;
  }

  /** A command that tells of the variable, with or without its name and others. */
  protected List<String> tellingOfGpus() {
    return List.of("printenv", VISIBLE);
  }

  /** What NVIDIA's runtime is told in a container. */
  private String visible(DrivenGroup group, String container) throws Exception {
    String said =
        runtime
            .exec(
                installation,
                host(),
                group.id(),
                container,
                tellingOfGpus(),
                Duration.ofSeconds(20))
            .output();
    return said.lines()
        .filter(line -> line.startsWith(VISIBLE + "="))
        .map(line -> line.substring(VISIBLE.length() + 1))
        .findFirst()
        .orElse(said.strip());
  }

  private GroupSpec withGpus(String... containers) {
    GroupSpec spec =
        spec(RestartPolicy.ALWAYS, staying("app"), staying("side"), staying("without"));
    Map<String, Integer> wanted = new LinkedHashMap<>();
    for (String container : containers) {
      wanted.merge(container, 1, Integer::sum);
    }
    return spec.withGpus(GroupGpus.of(containers.length, 1000).dividedAmong(Map.of(), wanted));
  }

  @Test
  void aContainerWithoutGpusSeesNone() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, group, GroupPhase.RUNNING);

    assertThat(visible(group, "app")).isEqualTo("void");
  }

  @Test
  void containersSeeTheGpusThatAreTheirsOrTheGroupFails() throws Exception {
    DrivenGroup group = group(withGpus("side", "app", "side"));
    group.gpus(List.of(1, 4, 6));
    if (!givesGpus()) {
      GroupState failed = driveTo(runtime, group, GroupPhase.FAILED);
      assertThat(failed.reason()).isEqualTo("GpuUnavailable");
      assertThat(failed.message()).startsWith("The host cannot give container ");
      assertThat(failed.containers())
          .anySatisfy(
              container ->
                  assertThat(container.current()).isNotInstanceOf(ContainerStatus.Running.class));
      return;
    }
    driveTo(runtime, group, GroupPhase.RUNNING);

    assertThat(visible(group, "side")).isEqualTo("1,4");
    assertThat(visible(group, "app")).isEqualTo("6");
    assertThat(visible(group, "without")).isEqualTo("void");
  }
}
