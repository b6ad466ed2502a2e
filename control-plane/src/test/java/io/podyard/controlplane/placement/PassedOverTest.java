package io.podyard.controlplane.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.HostId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PassedOverTest {

  private static final HostId FIRST = new HostId("h1");
  private static final HostId SECOND = new HostId("-h2.x");

  private final AtomicLong nanos = new AtomicLong();
  private final List<HostId> changed = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final PassedOver here = new PassedOver(nanos::get, changed::add);

  @Test
  void aHostIsPassedOverFromItsFirstFailureToItsFirstAnswer() {
    here.addListener(said::add);
    assertThat(here.answers(FIRST)).isFalse();
    assertThat(here.silent(FIRST)).isTrue();
    assertThat(here.silent(FIRST)).isFalse();
    assertThat(here.contains(FIRST)).isTrue();
    assertThat(here.contains(SECOND)).isFalse();
    nanos.addAndGet(PassedOver.WORD_HOLDS.multipliedBy(10).toNanos());
    here.expire();
    assertThat(here.contains(FIRST)).isTrue();

    assertThat(here.answers(FIRST)).isTrue();
    assertThat(here.contains(FIRST)).isFalse();
    assertThat(changed).containsExactly(FIRST, FIRST);
    assertThat(said).containsExactly("-h1", "+h1");
  }

  @Test
  void othersHearItUntilTheHostAnswersOrNobodySaysSoAnyMore() {
    PassedOver there = new PassedOver(nanos::get, _ -> {});
    there.addListener(said::add);
    there.silent(FIRST);
    there.silent(SECOND);
    assertThat(here.heard(said)).isFalse();
    assertThat(Set.copyOf(changed)).containsExactlyInAnyOrder(FIRST, SECOND);
    assertThat(here.contains(FIRST)).isTrue();
    assertThat(here.contains(SECOND)).isTrue();

    said.clear();
    there.answers(SECOND);
    assertThat(here.heard(said)).isTrue();
    assertThat(here.heard(said)).isFalse();
    assertThat(here.contains(SECOND)).isFalse();

    nanos.addAndGet(PassedOver.WORD_HOLDS.toNanos() - 1);
    here.expire();
    assertThat(here.contains(FIRST)).isTrue();
    nanos.incrementAndGet();
    changed.clear();
    here.expire();
    assertThat(here.contains(FIRST)).isFalse();
    assertThat(changed).containsExactly(FIRST);
  }

  @Test
  void whoDrivesAHostKnowsBetterThanOthers() {
    assertThat(here.heard(Set.of("-h1", "?h1", "-"))).isFalse();
    assertThat(here.contains(FIRST)).isTrue();
    assertThat(here.answers(FIRST)).isTrue();
    assertThat(here.contains(FIRST)).isFalse();
    assertThat(here.heard(Set.of())).isFalse();
  }

  @Test
  void aHostThatIsDrivenElsewhereByNowIsForgotten() {
    here.silent(FIRST);
    here.silent(SECOND);
    assertThat(here.keepOnly(_ -> true)).isFalse();
    assertThat(here.keepOnly(SECOND::equals)).isTrue();
    assertThat(here.contains(FIRST)).isFalse();
    assertThat(here.contains(SECOND)).isTrue();
  }
}
