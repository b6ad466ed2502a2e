package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResyncTest {

  @ParameterizedTest
  @CsvSource({
    "0, 27",
    "1, 27",
    "5400, 27",
    "10000, 50",
    "100000, 500",
    "120000, 600",
    "9999999, 600"
  })
  void aGroupRestsLongerTheMoreThereAre(int groups, long seconds) {
    assertThat(Resync.after(groups, 0.5)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void groupsThatRestTogetherAreLookedAtOneAfterTheOther() {
    assertThat(Resync.after(1, 0)).isEqualTo(Duration.ofSeconds(30));
    assertThat(Resync.after(1, 1)).isEqualTo(Duration.ofSeconds(24));
  }

  @ParameterizedTest
  @ValueSource(ints = {5_400, 10_000, 50_000, 120_000})
  void thatManyGroupsTakeTheirShareOfLooksAndNoMore(int groups) {
    double seconds =
        IntStream.rangeClosed(0, 1_000)
                .mapToLong(part -> Resync.after(groups, part / 1_000.0).toMillis())
                .average()
                .orElseThrow()
            / 1_000;
    assertThat(groups / seconds).isCloseTo(Resync.LOOKS_PER_SECOND, within(0.2));
  }
}
