package io.podyard.controlplane.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.HostId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a copy rests after a try in vain. */
class CacheCopyTest {

  private static Duration pause(int tries, long wantedSeconds) {
    return new CacheCopy("edc-1.1@h", "edc-1", 1, new HostId("h"), 0, tries, false)
        .pause(wantedSeconds);
  }

  @Test
  void itRestsLongerEachTimeUpToSomeMinutes() {
    assertThat(pause(0, 0)).isEqualTo(Duration.ofSeconds(2));
    assertThat(pause(3, 0)).isEqualTo(Duration.ofSeconds(16));
    assertThat(pause(100, 0)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void itRestsAsLongAsWhoeverWasAskedWantsUpToHalfAnHour() {
    assertThat(pause(0, 1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(pause(0, 900)).isEqualTo(Duration.ofMinutes(15));
    assertThat(pause(100, Long.MAX_VALUE / 2)).isEqualTo(Duration.ofMinutes(30));
  }
}
