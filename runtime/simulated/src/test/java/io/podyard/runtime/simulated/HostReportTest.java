package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.HostReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated hosts tell of the GPUs and the architecture that they are given. */
class HostReportTest {

  private static SimulatedWorld world(String gpus) {
    return SimulatedHosts.world(
        Map.of(SimulatedHosts.HOSTS, "2", SimulatedHosts.HOST_GPUS, gpus),
        new SteppedTime(Instant.EPOCH));
  }

  @Test
  void eachHostTellsOfItsGpus() throws Exception {
    HostReport report = world("4xA10").engine(new HostId("sim-0002")).orElseThrow().report();
    assertThat(report)
        .isEqualTo(new HostReport("simulated 1", Size.of(16_000, 65_536), "amd64", 4, "A10"));
    assertThat(world("").engine(new HostId("sim-0001")).orElseThrow().report().gpus()).isZero();
  }

  @Test
  void theyHaveTheArchitecturesInTurn() throws Exception {
    SimulatedWorld world =
        SimulatedHosts.world(
            Map.of(SimulatedHosts.HOSTS, "3", SimulatedHosts.HOST_ARCHITECTURES, "amd64,arm64"),
            new SteppedTime(Instant.EPOCH));
    List<String> architectures = new ArrayList<>();
    for (HostId host : world.hosts()) {
      architectures.add(world.engine(host).orElseThrow().report().architecture());
    }
    assertThat(architectures).containsExactly("amd64", "arm64", "amd64");
    assertThatThrownBy(
            () ->
                SimulatedHosts.world(
                    Map.of(SimulatedHosts.HOST_ARCHITECTURES, "arm"),
                    new SteppedTime(Instant.EPOCH)))
        .hasMessageContaining(SimulatedHosts.HOST_ARCHITECTURES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "0xA10", "65xA10", "A10", "4x"})
  void whatCannotBeUnderstoodIsSaid(String gpus) {
    assertThatThrownBy(() -> world(gpus))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(SimulatedHosts.HOST_GPUS);
  }
}
