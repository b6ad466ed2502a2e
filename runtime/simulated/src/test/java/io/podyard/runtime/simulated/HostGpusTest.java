package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.HostReport;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated hosts tell of the GPUs that they are given. */
class HostGpusTest {

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

  @ParameterizedTest
  @ValueSource(strings = {"4", "0xA10", "65xA10", "A10", "4x"})
  void whatCannotBeUnderstoodIsSaid(String gpus) {
    assertThatThrownBy(() -> world(gpus))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(SimulatedHosts.HOST_GPUS);
  }
}
