package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.HostId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HostSilenceTest {

  private static final HostId HOST = new HostId("h1");

  private final AtomicLong nanos = new AtomicLong(42);
  private final HostSilence silence = new HostSilence(nanos::get);

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      silence.failed(HOST);
    }
  }

  @Test
  void aFewFailuresOrFailuresBetweenAnswersMakeNoHostSilent() {
    for (int i = 0; i < 10; i++) {
      fail(HostSilence.FAILURES - 1);
      assertThat(silence.isSilent(HOST)).isFalse();
      silence.answered(HOST);
    }
    assertThat(silence.silent()).isEmpty();
  }

  @Test
  void aSilentHostIsTriedLessAndLessOften() {
    fail(HostSilence.FAILURES);
    assertThat(silence.silent()).containsExactly(HOST);
    Duration pause = HostSilence.FIRST_PAUSE;
    for (int i = 0; i < 10; i++) {
      assertThat(silence.isDue(HOST)).isFalse();
      nanos.addAndGet(pause.toNanos() - 1);
      assertThat(silence.isDue(HOST)).isFalse();
      nanos.addAndGet(1);
      assertThat(silence.isDue(HOST)).isTrue();
      fail(1);
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(HostSilence.LONGEST_PAUSE) > 0 ? HostSilence.LONGEST_PAUSE : twice;
    }
    assertThat(pause).isEqualTo(HostSilence.LONGEST_PAUSE);
  }

  @Test
  void manyCallsThatFailTogetherCountAsOneTrial() {
    fail(HostSilence.FAILURES + 200);
    nanos.addAndGet(HostSilence.FIRST_PAUSE.toNanos());
    assertThat(silence.isDue(HOST)).isTrue();
  }

  @Test
  void theFirstAnswerEndsTheSilenceAndIsToldOnce() {
    AtomicInteger told = new AtomicInteger();
    silence.onReturn(told::incrementAndGet);
    fail(HostSilence.FAILURES + 3);
    silence.answered(HOST);
    silence.answered(HOST);
    assertThat(silence.isSilent(HOST)).isFalse();
    assertThat(silence.isDue(HOST)).isTrue();
    assertThat(told).hasValue(1);
  }

  @Test
  void aHostThatIsDrivenNoMoreIsForgottenAndWhatWaitsForItIsToldOnce() {
    AtomicInteger told = new AtomicInteger();
    silence.onReturn(told::incrementAndGet);
    fail(HostSilence.FAILURES);
    silence.failed(new HostId("h2"));
    silence.keepOnly(Set.of(HOST));
    assertThat(silence.silent()).containsExactly(HOST);
    silence.keepOnly(Set.of());
    silence.keepOnly(Set.of());
    assertThat(silence.silent()).isEmpty();
    assertThat(told).hasValue(1);
  }
}
