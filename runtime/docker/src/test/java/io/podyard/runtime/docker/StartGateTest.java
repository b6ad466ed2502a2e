package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.testing.RawEngine;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StartGateTest {

  private static final String TWO_CORES =
      """
      HTTP/1.1 200 OK
      Content-Type: application/json

      {"NCPU":2,"MemTotal":1,"Architecture":"x86_64","ServerVersion":"1"}\
      """;

  @Test
  void asManyEnterAsTheEngineHasUseForAndTheNextWaitsNotForEver() throws Exception {
    try (RawEngine engine =
            new RawEngine(null, RawEngine.answering(TWO_CORES.replace("\n", "\r\n")));
        EngineCalls calls = new EngineCalls(engine.address(), Duration.ofSeconds(5))) {
      EngineFacts facts = new EngineFacts(calls, InstantSource.system(), System::nanoTime);
      StartGate gate = new StartGate(facts, 2, Duration.ofMillis(100));
      StartGate.Turn first = gate.enter();
      for (int i = 1; i < 4; i++) {
        gate.enter();
      }

      assertThatThrownBy(gate::enter)
          .isInstanceOf(RuntimeUnavailableException.class)
          .hasMessageContaining("busy");
      first.close();
      try (StartGate.Turn again = gate.enter()) {
        assertThat(again).isNotNull();
      }
      assertThat(engine.requests()).hasSize(1);
    }
  }
}
