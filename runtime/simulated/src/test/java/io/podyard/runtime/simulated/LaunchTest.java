package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.RuntimeUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchTest {

  @TempDir private Path folder;

  @Test
  void severalLaunchersAtOnceShareOneProcess() throws Exception {
    try (TestProcess process = new TestProcess(folder, Map.of());
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<SimulatedHostsClient>> clients =
          IntStream.range(0, 3).mapToObj(_ -> threads.submit(process::connect)).toList();
      for (Future<SimulatedHostsClient> client : clients) {
        try (SimulatedHostsClient connected = client.get()) {
          connected.configure(FaultPlan.NONE);
          assertThat(connected.hosts()).hasSize(3);
        }
      }
      assertThat(process.handle().isAlive()).isTrue();
    }
  }

  @Test
  void aProcessThatNeverAnswersIsGivenUp() {
    SimulatedHostsLaunch usual = new TestProcess(folder, Map.of()).launch();
    SimulatedHostsLaunch broken =
        new SimulatedHostsLaunch(
            usual.java(),
            usual.javaOptions(),
            usual.classPath(),
            "no.such.MainClass",
            usual.log(),
            Map.of());

    assertThatThrownBy(() -> broken.connect(folder.resolve("s"), Duration.ofSeconds(30)))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("ended with 1")
        .hasMessageContaining(usual.log().toString());
  }

  @Test
  void withoutAProcessCallsFailAtOnce() {
    try (SimulatedHostsClient client = new SimulatedHostsClient(folder.resolve("nothing"))) {
      assertThatThrownBy(client::hosts)
          .isInstanceOf(RuntimeUnavailableException.class)
          .hasMessageContaining("nothing");
    }
  }
}
