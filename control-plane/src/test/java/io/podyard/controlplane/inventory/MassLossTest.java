package io.podyard.controlplane.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.MassLoss.Silent;
import io.podyard.model.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MassLossTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final MassLoss RULE = new MassLoss(30, Duration.ofSeconds(60));

  /** Hosts {@code h0}, {@code h1} and so on that vanished so many seconds after a moment. */
  private static List<Silent> silent(int... seconds) {
    return IntStream.range(0, seconds.length)
        .mapToObj(i -> new Silent(new HostId("h" + i), T0.plusSeconds(seconds[i])))
        .toList();
  }

  private static Set<String> tooMany(MassLoss rule, int hosts, int... seconds) {
    return rule.tooMany(silent(seconds), hosts).stream()
        .map(HostId::value)
        .collect(Collectors.toSet());
  }

  @Test
  void moreThanTheShareIsTooMany() {
    assertThat(tooMany(RULE, 10, 0, 1, 2)).isEmpty();
    assertThat(tooMany(RULE, 10, 0, 1, 2, 3)).containsExactlyInAnyOrder("h0", "h1", "h2", "h3");
    assertThat(tooMany(RULE, 10)).isEmpty();
    assertThat(tooMany(RULE, 4, 0)).isEmpty();
  }

  @Test
  void oneOfFewIsTooMany() {
    assertThat(tooMany(RULE, 1, 0)).containsExactly("h0");
    assertThat(tooMany(RULE, 2, 0)).containsExactly("h0");
    assertThat(tooMany(RULE, 3, 0)).containsExactly("h0");
  }

  @Test
  void onlyWhatVanishesWithinTheTimeVanishesTogether() {
    assertThat(tooMany(RULE, 10, 0, 61, 122, 183)).isEmpty();
    assertThat(tooMany(RULE, 11, 0, 20, 40, 60)).hasSize(4);
    assertThat(tooMany(RULE, 11, 0, 20, 40, 61)).isEmpty();
    // In any order, and those before and after are left out.
    assertThat(tooMany(RULE, 20, 900, 130, 100, 0, 131, 120, 101, 110, 102))
        .containsExactlyInAnyOrder("h1", "h2", "h4", "h5", "h6", "h7", "h8");
  }

  @Test
  void whatDidNotAnswerBeforeIsNoMatter() {
    // Of the ten hosts seven were away for long; of the three that answered one vanished.
    assertThat(tooMany(RULE, 10, 0, 100, 200, 300, 400, 500, 600, 9_000)).containsExactly("h7");
    assertThat(tooMany(RULE, 14, 0, 100, 200, 300, 400, 500, 600, 9_000)).isEmpty();
  }

  @Test
  void theShareIsASetting() {
    assertThat(tooMany(new MassLoss(100, Duration.ofSeconds(60)), 2, 0, 0)).isEmpty();
    assertThat(tooMany(new MassLoss(0, Duration.ofSeconds(60)), 100, 0)).containsExactly("h0");
  }
}
