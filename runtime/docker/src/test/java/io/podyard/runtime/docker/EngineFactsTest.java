package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.docker.testing.RawEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(longs = {-3600, -1, 1, 20, 3600})
  void theEnginesTimeIsRightAlsoAfterOurClockWasSet(long seconds) throws Exception {
    AtomicReference<Instant> ours = new AtomicReference<>(NOON);
    AtomicLong nanos = new AtomicLong(42);
    try (RawEngine engine = new RawEngine(null, RawEngine.answering(AT_NOON));
        EngineCalls calls = new EngineCalls(engine.address(), Duration.ofSeconds(5))) {
      EngineFacts facts = new EngineFacts(calls, ours::get, nanos::get);
      assertThat(facts.now()).isEqualTo(NOON);
      nanos.addAndGet(Duration.ofSeconds(30).toNanos());
      Instant slewed = NOON.plusMillis(30_015);
      ours.set(slewed);
      assertThat(facts.now()).isEqualTo(slewed);
      assertThat(engine.requests()).hasSize(1);

      ours.set(slewed.plusSeconds(seconds));
      assertThat(facts.now()).isEqualTo(NOON);
      assertThat(engine.requests()).hasSize(2);
    }
  }
}
