package io.podyard.billing;

import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.GROUP;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.TWO_FOUR;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.between;
import static io.podyard.billing.Usage.interval;
import static io.podyard.billing.Usage.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.Period;
import io.podyard.model.ZoneId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UsageIntervalTest {

  private static final ZoneId ZONE = new ZoneId("cn-hangzhou-b");

  @Test
  void timesBeforeTheEpochAreFlooredAwayFromItToo() {
    assertThat(WholeSeconds.floor(Instant.ofEpochSecond(-10, 1)))
        .isEqualTo(Instant.ofEpochSecond(-10));
  }

  @Test
  void whatHasPassedEndsAtTheEndOrAtTheWholeSecondBeforeNow() {
    assertThat(interval(0, 10).until(at(100))).isEqualTo(between(0, 10));
    assertThat(interval(0, 10).until(at(5))).isEqualTo(between(0, 5));
    assertThat(open(0).until(at(5).plusMillis(999))).isEqualTo(between(0, 5));
    assertThat(open(0).until(at(-5))).isEqualTo(new Period(T0, T0));
  }

  @Test
  void fractionsOfSecondsNegativeTimesAndNegativeNumbersAreRefused() {
    assertThatThrownBy(() -> stored(0, T0.plusMillis(1), null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stored(0, T0, at(1).plusMillis(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stored(0, T0, at(-1))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stored(-1, T0, at(1))).isInstanceOf(IllegalArgumentException.class);
  }

  private static UsageInterval stored(int sequence, Instant start, @Nullable Instant end) {
    return new UsageInterval(GROUP, sequence, ACCOUNT, HANGZHOU, ZONE, TWO_FOUR, start, end);
  }
}
