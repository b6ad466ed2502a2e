package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResyncTest {

  @ParameterizedTest
  @CsvSource({
    "0, 30",
    "1, 30",
    "6000, 30",
    "10000, 50",
    "100000, 500",
    "120000, 600",
    "9999999, 600"
  })
  void aGroupRestsLongerTheMoreThereAre(int groups, long seconds) {
    assertThat(Resync.after(groups, 0)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void groupsThatRestTogetherAreLookedAtOneAfterTheOther() {
    assertThat(Resync.after(1, 0.5)).isEqualTo(Duration.ofSeconds(27));
    assertThat(Resync.after(1, 1)).isEqualTo(Duration.ofSeconds(24));
  }

  @Test
  void noMoreThanTheirShareIsLookedAtInASecond() {
    for (int groups : new int[] {10_000, 50_000, 120_000}) {
      double mean = (Resync.after(groups, 0).toMillis() + Resync.after(groups, 1).toMillis()) / 2e3;
      assertThat(groups / mean).isLessThan(Resync.LOOKS_PER_SECOND * 1.2);
    }
  }
}
