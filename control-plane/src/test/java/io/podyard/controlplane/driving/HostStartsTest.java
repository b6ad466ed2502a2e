package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostStartsTest {

  private static final HostId HOST = new HostId("h1");
  private static final HostId OTHER = new HostId("h2");

  private int free = 8;
  private final List<ContainerGroupId> woken = new ArrayList<>();
  private final HostStarts starts = new HostStarts(() -> free, (_, group) -> woken.add(group));

  private static ContainerGroupId group(int number) {
    return new ContainerGroupId("g" + number);
  }

  /** How many of these begin. */
  private long begin(HostId host, int from, int to) {
    return IntStream.range(from, to).filter(n -> starts.begin(host, group(n))).count();
  }

  @Test
  void aHostStartsHalfAsManyAsPlacesAreFreeAndOneAtLeast() {
    assertThat(begin(HOST, 0, 10)).isEqualTo(4);
    assertThat(begin(OTHER, 10, 20)).isEqualTo(4);
    free = 0;
    assertThat(begin(new HostId("h3"), 20, 30)).isEqualTo(1);
    assertThat(woken).isEmpty();
  }

  @Test
  void whoCameFirstIsWokenFirstAndOvertakenByNobody() {
    free = 2;
    assertThat(begin(HOST, 0, 4)).isEqualTo(1);
    starts.end(HOST);
    assertThat(woken).containsExactly(group(1));
    // One that comes now is not faster than the one that was woken.
    assertThat(starts.begin(HOST, group(9))).isFalse();
    assertThat(starts.begin(HOST, group(1))).isTrue();
    starts.end(HOST);
    assertThat(woken).containsExactly(group(1), group(2));
  }

  @Test
  void moreRoomWakesMore() {
    free = 2;
    assertThat(begin(HOST, 0, 5)).isEqualTo(1);
    free = 6;
    starts.end(HOST);
    assertThat(woken).containsExactly(group(1), group(2), group(3));
    starts.leave(group(2));
    assertThat(woken).containsExactly(group(1), group(2), group(3), group(4));
  }

  @Test
  void oneThatWasWokenAndIsNotToBeStartedAnyMoreWakesTheNext() {
    free = 2;
    assertThat(begin(HOST, 0, 4)).isEqualTo(1);
    starts.end(HOST);
    starts.leave(group(1));
    assertThat(woken).containsExactly(group(1), group(2));
    // Nor does one that goes away before it was woken.
    starts.leave(group(3));
    starts.leave(group(3));
    assertThat(starts.begin(HOST, group(2))).isTrue();
    starts.end(HOST);
    assertThat(woken).containsExactly(group(1), group(2));
    assertThat(begin(HOST, 0, 1)).isEqualTo(1);
  }

  @Test
  void oneThatIsOnlyToBeStartedStepsBehindThoseThatWaitAndIsWokenAfterThem() {
    free = 2;
    assertThat(starts.stepsBehind(HOST, group(0))).isFalse();
    assertThat(starts.begin(HOST, group(0))).isTrue();
    assertThat(starts.begin(HOST, group(1))).isFalse();
    assertThat(starts.stepsBehind(HOST, group(2))).isTrue();
    assertThat(starts.isInLine(group(2))).isTrue();
    starts.end(HOST);
    assertThat(woken).containsExactly(group(1));
    assertThat(starts.begin(HOST, group(1))).isTrue();
    starts.end(HOST);
    assertThat(woken).containsExactly(group(1), group(2));
    assertThat(starts.begin(HOST, group(2))).isTrue();
    assertThat(starts.isInLine(group(2))).isFalse();
  }
}
