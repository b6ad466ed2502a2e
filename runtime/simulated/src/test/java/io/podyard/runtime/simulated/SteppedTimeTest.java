package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteppedTimeTest {

  @Test
  void whatIsDueRunsInOrderAtItsOwnTimeAlsoWhatIsAddedOnTheWay() {
    Instant start = Instant.EPOCH;
    SteppedTime time = new SteppedTime(start);
    List<String> ran = new ArrayList<>();
    time.after(Duration.ofSeconds(3), () -> ran.add("late " + time.instant()));
    time.after(
        Duration.ofSeconds(1),
        () -> {
          ran.add("early " + time.instant());
          time.after(Duration.ofSeconds(1), () -> ran.add("added " + time.instant()));
        });
    time.after(Duration.ofSeconds(9), () -> ran.add("not yet"));

    time.advance(Duration.ofSeconds(5));

    assertThat(ran)
        .containsExactly(
            "early " + start.plusSeconds(1),
            "added " + start.plusSeconds(2),
            "late " + start.plusSeconds(3));
    assertThat(time.instant()).isEqualTo(start.plusSeconds(5));
  }
}
