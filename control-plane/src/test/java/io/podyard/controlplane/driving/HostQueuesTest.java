package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.HostId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Work that begins when it gets its place, and ends when the test says so. */
class HostQueuesTest {

  private static final HostId HANGS = new HostId("hangs");
  private static final HostId OTHER = new HostId("other");

  private final AtomicLong nanos = new AtomicLong();
  private final HostSilence silence = new HostSilence(nanos::get);

  /** What has a place, with its end to come. */
  private final Deque<Runnable> places = new ArrayDeque<>();

  private final Map<HostId, Integer> begun = new HashMap<>();
  private int threadsToFail;
  private final HostQueues queues =
      new HostQueues(
          silence,
          task -> {
            if (threadsToFail > 0) {
              threadsToFail--;
              throw new OutOfMemoryError("on purpose");
            }
            places.add(task);
          });

  private void add(HostId host, int count) {
    for (int i = 0; i < count; i++) {
      queues.add(host, () -> begun.merge(host, 1, Integer::sum));
    }
  }

  /** Ends all that has a place now, and what it lets in. */
  private void endAll() {
    while (!places.isEmpty()) {
      places.removeFirst().run();
    }
  }

  /** Ends what has a place now, without what it lets in. */
  private int endThose() {
    List<Runnable> now = new ArrayList<>(places);
    places.clear();
    now.forEach(Runnable::run);
    return now.size();
  }

  private void silence(HostId host) {
    for (int i = 0; i < HostSilence.FAILURES; i++) {
      silence.failed(host);
    }
  }

  @Test
  void oneHostNeverHasAllPlaces() {
    add(HANGS, 1_000);
    assertThat(places).hasSize(HostQueues.PLACES / 2);
    add(OTHER, 10);
    assertThat(places).hasSize(HostQueues.PLACES / 2 + 10);
  }

  @Test
  void severalHostsThatHangOneAfterTheOtherLeaveRoomForOneMore() {
    for (int i = 0; i < 5; i++) {
      add(new HostId("hangs-" + i), 1_000);
    }
    assertThat(places).hasSizeLessThan(HostQueues.PLACES);
    int taken = places.size();
    add(OTHER, 1);
    assertThat(places).hasSize(taken + 1);
  }

  @Test
  void hostsTakeTurnsHoweverMuchOneOfThemHas() {
    for (int i = 0; i < 100; i++) {
      add(new HostId("h" + i), 50);
    }
    int taken = places.size();
    assertThat(taken).isGreaterThan(HostQueues.PLACES * 9 / 10);
    add(OTHER, 1);
    // At most what was there before it, and each of the others once.
    int ended = 0;
    while (!begun.containsKey(OTHER) && ended < 100 * 50) {
      ended += endThose();
    }
    assertThat(begun).containsKey(OTHER);
    assertThat(ended).isLessThan(2 * HostQueues.PLACES);
    endAll();
    assertThat(begun.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(100 * 50 + 1);
  }

  @Test
  void aSilentHostIsTriedOneAtATimeAndAllComeWhenItAnswers() {
    silence(HANGS);
    add(HANGS, 300);
    queues.look();
    assertThat(places).isEmpty();
    nanos.addAndGet(HostSilence.FIRST_PAUSE.toNanos());
    queues.look();
    queues.look();
    assertThat(places).hasSize(1);
    silence.failed(HANGS);
    endAll();
    queues.look();
    assertThat(places).isEmpty();

    silence.onReturn(queues::look);
    silence.answered(HANGS);

    assertThat(places).hasSize(HostQueues.PLACES / 2);
    endAll();
    assertThat(begun).containsEntry(HANGS, 300);
  }

  @Test
  void silentHostsTakeNoPlacesOfTheOthers() {
    for (int i = 0; i < 1_000; i++) {
      silence(new HostId("silent-" + i));
      add(new HostId("silent-" + i), 3);
    }
    nanos.addAndGet(HostSilence.FIRST_PAUSE.toNanos());
    queues.look();
    assertThat(places).hasSize(HostQueues.TRIALS);
    add(OTHER, 200);
    assertThat(places).hasSize(HostQueues.TRIALS + HostQueues.PLACES / 2);
  }

  @Test
  void whatGotNoThreadIsBegunLater() {
    threadsToFail = 2;
    add(OTHER, 5);
    queues.look();
    endAll();
    assertThat(begun).containsEntry(OTHER, 5);
  }

  @Test
  void aPlaceIsGivenBackWhateverTheWorkEndsIn() {
    for (int i = 0; i < HostQueues.PLACES * 2; i++) {
      queues.add(
          OTHER,
          () -> {
            throw new StackOverflowError("on purpose");
          });
      while (!places.isEmpty()) {
        Runnable next = places.removeFirst();
        try {
          next.run();
        } catch (StackOverflowError expected) {
          begun.merge(HANGS, 1, Integer::sum);
        }
      }
    }
    assertThat(begun).containsEntry(HANGS, HostQueues.PLACES * 2);
    add(OTHER, 1);
    endAll();
    assertThat(begun).containsEntry(OTHER, 1);
  }

  @Test
  void aHostForWhichMuchWaitsIsCrowded() {
    add(HANGS, HostQueues.PLACES / 2 + HostQueues.CROWD - 1);
    assertThat(queues.crowded()).isEmpty();
    add(HANGS, 1);
    assertThat(queues.crowded()).containsExactly(HANGS);
    endAll();
    assertThat(queues.crowded()).isEmpty();
  }
}
