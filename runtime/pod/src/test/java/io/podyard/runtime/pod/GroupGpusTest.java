package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.GroupGpus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the GPUs of a group are divided among its containers. */
class GroupGpusTest {

  private static Map<String, Integer> wanted(Object... namesAndCounts) {
    Map<String, Integer> wanted = new LinkedHashMap<>();
    for (int i = 0; i < namesAndCounts.length; i += 2) {
      wanted.put((String) namesAndCounts[i], (Integer) namesAndCounts[i + 1]);
    }
    return wanted;
  }

  @Test
  void containersHaveNoneInCommonAndInitContainersMayHaveAll() {
    GroupGpus gpus =
        GroupGpus.of(3, 1000).dividedAmong(wanted("init", 3), wanted("b", 1, "none", 0, "a", 2));

    assertThat(gpus.places())
        .isEqualTo(Map.of("init", List.of(0, 1, 2), "b", List.of(0), "a", List.of(1, 2)));
    assertThat(gpus.of("none")).isZero();
    assertThat(gpus.devices("a", List.of(2, 5, 63))).containsExactly(5, 63);
    assertThat(gpus.devices("none", List.of(2, 5, 63))).isEmpty();
  }

  @Test
  void whoHasAsManyAsBeforeKeepsThemWhateverBecomesOfTheOthers() {
    GroupGpus first = GroupGpus.of(3, 1000).dividedAmong(Map.of(), wanted("a", 1, "b", 1, "c", 1));

    GroupGpus then = first.dividedAmong(Map.of(), wanted("new", 1, "c", 1, "b", 1));

    assertThat(then.places())
        .isEqualTo(Map.of("b", List.of(1), "c", List.of(2), "new", List.of(0)));
  }

  @Test
  void anInitContainerThatBecomesAnotherTakesNoneFromThose() {
    GroupGpus first = GroupGpus.of(2, 1000).dividedAmong(wanted("x", 1), wanted("a", 1));
    assertThat(first.places()).isEqualTo(Map.of("x", List.of(0), "a", List.of(0)));

    GroupGpus then = first.dividedAmong(Map.of(), wanted("x", 1, "a", 1));

    assertThat(then.places()).isEqualTo(Map.of("x", List.of(0), "a", List.of(1)));
  }

  @Test
  void nothingIsDividedThatIsNotThere() {
    assertThatThrownBy(() -> GroupGpus.of(1, 1000).dividedAmong(Map.of(), wanted("a", 1, "b", 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GroupGpus.of(2, 500)).isInstanceOf(IllegalArgumentException.class);
    GroupGpus one = GroupGpus.of(1, 500).dividedAmong(Map.of(), wanted("a", 1));
    assertThat(one.milli()).isEqualTo(500);
    assertThatThrownBy(() -> one.devices("a", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 devices are reserved for a group with 1");
  }
}
