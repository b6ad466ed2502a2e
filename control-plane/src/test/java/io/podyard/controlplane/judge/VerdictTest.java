package io.podyard.controlplane.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What counts as the same violation in one look and in the next. */
@Timeout(30)
class VerdictTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration A_FEW_LOOKS = Duration.ofSeconds(1);

  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void twoThatAreShortDoNotMakeOneThatLasts() throws Exception {
    Judge.Look look =
        () ->
            Set.of(
                new Violation(
                    Rule.CONTAINERS,
                    "g1",
                    looks.incrementAndGet() % 2 == 0 ? "should run app" : "runs app twice"));
    assertThat(Judge.verdict(look, LONG)).isEmpty();
    assertThat(looks).hasValue(2);
  }

  @Test
  void oneThatLastsIsTheSameWhateverItsMessageCounts() throws Exception {
    DatabaseCheck check = new DatabaseCheck(Rule.RESERVATIONS, "select 1");
    Judge.Look look = () -> Set.of(check.violation("h1", "has " + looks.incrementAndGet()));
    assertThat(Judge.verdict(look, A_FEW_LOOKS))
        .singleElement()
        .satisfies(found -> assertThat(found.message()).isEqualTo("has " + looks));
  }
}
