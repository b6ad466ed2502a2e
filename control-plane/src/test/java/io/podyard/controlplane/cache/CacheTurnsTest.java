package io.podyard.controlplane.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;

/** Every cache has its turn, whatever is wrong with others. */
class CacheTurnsTest {

  private static final List<String> CACHES = List.of("a", "b", "c", "d", "e");

  /**
   * Notes what is planned.
   *
   * @param failing what planning of some throws
   */
  private record Noted(List<String> planned, Map<String, RuntimeException> failing)
      implements CachePlans {

    @Override
    public List<String> due(String after, int most) {
      return CACHES.stream().filter(id -> id.compareTo(after) > 0).limit(most).toList();
    }

    @Override
    public List<String> poor(String after, int most) {
      return List.of();
    }

    @Override
    public void leaveHosts() {}

    @Override
    public void plan(String id) {
      RuntimeException failure = failing.get(id);
      if (failure != null) {
        throw failure;
      }
      planned.add(id);
    }
  }

  private static CacheTurns turns(Noted plans, int most) {
    return new CacheTurns(plans, plans::due, most, Loop.DATA_CACHES);
  }

  @Test
  void whereThereAreMoreThanARoundTakesTheNextOneGoesOn() {
    Noted plans = new Noted(new ArrayList<>(), Map.of());
    CacheTurns turns = turns(plans, 2);
    for (int i = 0; i < 4; i++) {
      turns.next();
    }
    assertThat(plans.planned()).containsExactly("a", "b", "c", "d", "e", "a", "b");
  }

  @Test
  void whatCannotBePlannedIsToldAndStandsInNobodysWay() {
    long before = Mishaps.count(Loop.DATA_CACHES);
    Noted plans =
        new Noted(
            new ArrayList<>(),
            Map.of(
                "b", new IllegalStateException("on purpose"),
                "c", new CannotAcquireLockException("on purpose")));
    turns(plans, 5).next();
    assertThat(plans.planned()).containsExactly("a", "d", "e");
    assertThat(Mishaps.count(Loop.DATA_CACHES)).isEqualTo(before + 1);
  }

  @Test
  void withoutADatabaseARoundEnds() {
    Noted plans =
        new Noted(
            new ArrayList<>(), Map.of("b", new DataAccessResourceFailureException("on purpose")));
    CacheTurns turns = turns(plans, 5);
    assertThatThrownBy(turns::next).isInstanceOf(DataAccessResourceFailureException.class);
    assertThat(plans.planned()).containsExactly("a");
  }
}
