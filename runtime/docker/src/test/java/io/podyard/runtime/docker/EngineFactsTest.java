package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.docker.testing.RawEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EngineFactsTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static final String AT_NOON =
      """
      HTTP/1.1 200 OK
      Content-Type: application/json

      {"NCPU":2,"MemTotal":1,"ServerVersion":"1","SystemTime":"2026-03-01T12:00:00Z"}\
      """
          .replace("\n", "\r\n");

  @Test
  void theEnginesTimeIsRightAlsoAfterOurClockWasSetBack() throws Exception {
    AtomicReference<Instant> ours = new AtomicReference<>(NOON);
    try (RawEngine engine = new RawEngine(null, RawEngine.answering(AT_NOON));
        EngineCalls calls = new EngineCalls(engine.address(), Duration.ofSeconds(5))) {
      EngineFacts facts = new EngineFacts(calls, ours::get);
      assertThat(facts.now()).isEqualTo(NOON);
      ours.set(NOON.plusSeconds(30));
      assertThat(facts.now()).isEqualTo(NOON.plusSeconds(30));
      assertThat(engine.requests()).hasSize(1);

      ours.set(NOON.minusSeconds(3600));
      assertThat(facts.now()).isEqualTo(NOON);
      assertThat(engine.requests()).hasSize(2);
    }
  }
}
