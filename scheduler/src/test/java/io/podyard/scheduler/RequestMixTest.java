package io.podyard.scheduler;

import static io.podyard.scheduler.Hosts.need;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestMixTest {

  @Test
  void typicalAreTheMostFrequentShapesThatCoverNinetyFivePercent() {
    List<PlacementRequest> requests = new ArrayList<>();
    requests.addAll(Collections.nCopies(3, need(3, 1)));
    requests.addAll(Collections.nCopies(60, need(1, 1)));
    requests.addAll(Collections.nCopies(2, need(4, 1)));
    requests.addAll(Collections.nCopies(35, need(2, 1)));

    assertThat(RequestMix.of(requests).typical())
        .extracting(typical -> typical.shape().size().cpu().value())
        .containsExactly(1000, 2000);
    assertThat(RequestMix.of(requests).typical())
        .extracting(RequestMix.Typical::share)
        .containsExactly(65_536 * 60 / 95, 65_536 * 35 / 95);
  }

  @Test
  void whatDoesNotMatterToHostsDoesNotMakeAnotherShape() {
    assertThat(
            RequestMix.of(
                    List.of(need(1, 1), need(1, 1).withDisk(100), need(1, 1).onHost(Hosts.id("a"))))
                .typical())
        .hasSize(1);
    assertThat(RequestMix.UNKNOWN.typical()).isEmpty();
  }

  @Test
  void ranksCountTheStepsThatAValueReaches() {
    int[] values = {250, 3152, 3152, 96_000, 11_300};
    Steps steps = new Steps(IntStream.of(values));

    assertThat(steps.ranks()).isEqualTo(5);
    for (int value : new int[] {0, 249, 250, 251, 3151, 3152, 11_299, 95_999, 96_000, 2_000_000}) {
      long reached = IntStream.of(values).distinct().filter(step -> step <= value).count();
      assertThat(steps.rank(value)).isEqualTo((int) reached);
    }
    assertThat(new Steps(IntStream.empty()).rank(5)).isZero();
  }
}
