package io.podyard.controlplane.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.HostId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How long a copy rests after a try in vain. */
class CacheCopyTest {

  private static Duration pause(String host, int tries, long wantedSeconds) {
    return new CacheCopy("edc-1.1@" + host, "edc-1", 1, new HostId(host), 0, tries, false)
        .pause(wantedSeconds);
  }

  private static Duration pause(int tries, long wantedSeconds) {
    return pause("h", tries, wantedSeconds);
  }

  @Test
  void itRestsLongerEachTimeUpToSomeMinutes() {
    assertThat(pause(0, 0)).isEqualTo(Duration.ofSeconds(2));
    assertThat(pause(3, 0)).isEqualTo(Duration.ofSeconds(16));
    assertThat(pause(100, 0)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void itRestsAsLongAsWhoeverWasAskedWantsUpToHalfAnHour() {
    assertThat(pause(0, 1)).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2500));
    assertThat(pause(0, 900)).isBetween(Duration.ofSeconds(900), Duration.ofSeconds(1125));
    assertThat(pause(100, Long.MAX_VALUE / 2))
        .isBetween(Duration.ofMinutes(30), Duration.ofMinutes(35));
  }

  @Test
  void copiesThatOneLimitRefusedDoNotAskAgainTogether() {
    List<Duration> pauses =
        IntStream.range(0, 50).mapToObj(i -> pause("docker-%04d".formatted(i), 0, 3600)).toList();

    assertThat(pauses)
        .allMatch(pause -> pause.compareTo(Duration.ofMinutes(30)) >= 0)
        .doesNotHaveDuplicates();
    // Five minutes for fifty: hardly more than a few in any of thirty seconds.
    assertThat(
            pauses.stream()
                .collect(
                    Collectors.groupingBy(pause -> pause.toSeconds() / 30, Collectors.counting()))
                .values())
        .allMatch(at -> at <= 12);
    assertThat(pause("docker-0001", 0, 3600)).isEqualTo(pauses.get(1));
    assertThat(pause("docker-0001", 1, 3600)).as("the next time").isNotEqualTo(pauses.get(1));
  }
}
