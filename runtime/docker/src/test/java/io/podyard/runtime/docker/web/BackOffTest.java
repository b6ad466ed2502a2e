package io.podyard.runtime.docker.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final IOException BROKEN = new IOException("connection reset");

  private final BackOff backOff = new BackOff(12, FIRST, LONGEST, new Random(7));

  private static Busy busy(String retryAfter) {
    return busy(Map.of("retry-after", List.of(retryAfter)));
  }

  private static Busy busy(Map<String, List<String>> headers) {
    return new Busy(
        "429",
        new Answer(429, headers, new ByteArrayInputStream(new byte[0]), URI.create("http://x/")));
  }

  private List<Duration> drawn(int failures, IOException trouble) {
    return IntStream.range(0, 200)
        .mapToObj(_ -> backOff.after(failures, trouble).orElseThrow())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"1,500", "2,1000", "6,16000", "7,30000", "11,30000"})
  void pausesGrowToALimitAndManyAreSpread(int failures, long mostMillis) {
    Duration most = Duration.ofMillis(mostMillis);
    assertThat(drawn(failures, BROKEN))
        .allSatisfy(pause -> assertThat(pause).isBetween(most.dividedBy(2), most))
        .anySatisfy(pause -> assertThat(pause).isLessThan(most.multipliedBy(6).dividedBy(10)))
        .anySatisfy(pause -> assertThat(pause).isGreaterThan(most.multipliedBy(9).dividedBy(10)));
  }

  @Test
  void nobodyComesBackBeforeTheServerWishesNorAllAtOnce() {
    Duration wish = Duration.ofSeconds(9);
    assertThat(drawn(1, busy("9")))
        .allSatisfy(pause -> assertThat(pause).isBetween(wish, wish.plus(FIRST.dividedBy(2))))
        .anySatisfy(pause -> assertThat(pause).isGreaterThan(wish.plusMillis(200)));
  }

  @Test
  void aWishShorterThanTheGrownPauseChangesNothing() {
    assertThat(drawn(6, busy("1")))
        .allSatisfy(pause -> assertThat(pause).isGreaterThanOrEqualTo(Duration.ofSeconds(8)));
  }

  @Test
  void whoFailsTooOftenOrWishesTooMuchIsNotAskedAgain() {
    assertThat(backOff.after(12, BROKEN)).isEmpty();
    assertThat(backOff.after(1, busy("30"))).isPresent();
    assertThat(backOff.after(1, busy("31"))).isEmpty();
    assertThat(BackOff.wishedSeconds(busy("31"))).isEqualTo(31);
    assertThat(BackOff.wishedSeconds(BROKEN)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "12|12",
        " 12 |12",
        "-3|0",
        "99999999999|86400",
        "soon|0",
        "''|0",
        "Sun, 22 Nov 2026 10:00:09 GMT|9",
        "Sun, 22 Nov 2026 09:59:00 GMT|0",
        "Thu, 24 Dec 2026 10:00:00 GMT|86400"
      },
      delimiter = '|')
  void aWishIsSecondsOrATime(String retryAfter, int seconds) {
    Busy busy =
        busy(
            Map.of(
                "retry-after",
                List.of(retryAfter),
                "date",
                List.of("Sun, 22 Nov 2026 10:00:00 GMT")));
    assertThat(busy.retryAfterSeconds()).isEqualTo(seconds);
  }

  @Test
  void aTimeWithoutTheServersClockIsNoWish() {
    assertThat(busy("Sun, 22 Nov 2026 10:00:09 GMT").retryAfterSeconds()).isZero();
  }
}
