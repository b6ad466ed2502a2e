package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.podyard.controlplane.containergroup.BindingLoad;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class DriveScheduleTest {

  private static final HostId HOST = new HostId("h1");
  private static final ContainerGroupId GROUP = new ContainerGroupId("g");
  private static final ContainerGroupId OTHER = new ContainerGroupId("other");

  /** Counts its looks; what becomes of them is up to the test. */
  private static final class Looks implements DriveSchedule.Work {
    private final Map<ContainerGroupId, AtomicInteger> looks = new ConcurrentHashMap<>();
    private final Map<ContainerGroupId, Supplier<@Nullable Duration>> fates =
        new ConcurrentHashMap<>();
    private final Map<ContainerGroupId, String> logged = new ConcurrentHashMap<>();
    private final AtomicInteger hostFailures = new AtomicInteger();
    private final AtomicInteger sought = new AtomicInteger();

    int of(ContainerGroupId group) {
      return looks.getOrDefault(group, new AtomicInteger()).get();
    }

    @Override
    public Optional<HostId> hostOf(ContainerGroupId group) {
      sought.incrementAndGet();
      if (hostFailures.getAndDecrement() > 0) {
        throw new OutOfMemoryError("on purpose");
      }
      return group.value().startsWith("nowhere") ? Optional.empty() : Optional.of(HOST);
    }

    @Override
    public @Nullable Duration look(ContainerGroupId group, HostStarts starts) {
      logged.put(group, String.valueOf(MDC.get("groupId")));
      looks.computeIfAbsent(group, _ -> new AtomicInteger()).incrementAndGet();
      return fates.getOrDefault(group, () -> null).get();
    }
  }

  private final Looks work = new Looks();
  private final BindingLoad load = new BindingLoad();

  private DriveSchedule schedule() {
    return new DriveSchedule(new HostSilence(System::nanoTime), load, () -> 1, work);
  }

  @Test
  void aGroupWhoseLookEndsInAnErrorIsLookedAtAgainAndTheOthersToo() {
    for (Error error :
        new Error[] {new StackOverflowError("on purpose"), new OutOfMemoryError("on purpose")}) {
      work.fates.put(
          GROUP,
          () -> {
            throw error;
          });
      try (DriveSchedule schedule = schedule()) {
        int before = work.of(GROUP);
        schedule.now(GROUP);
        Waiting.until("a look", () -> work.of(GROUP) == before + 1);
        // As soon as somebody wants it, and by itself after a while.
        Waiting.until(
            "a look that was asked for",
            () -> {
              schedule.now(GROUP);
              return work.of(GROUP) > before + 1;
            });
        int others = work.of(OTHER);
        schedule.now(OTHER);
        Waiting.until("a look at another", () -> work.of(OTHER) > others);
        int asked = work.of(GROUP);
        Waiting.until("a look by itself", () -> work.of(GROUP) > asked);
      }
    }
  }

  @Test
  void whatIsLoggedWhileAGroupIsLookedAtNamesIt() {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    work.fates.put(
        GROUP,
        () -> {
          throw new StackOverflowError("on purpose");
        });
    try (Listener _ = new Listener(event -> told.add(event.getMDCPropertyMap().toString()));
        DriveSchedule schedule = schedule()) {
      schedule.now(HOST, OTHER);
      schedule.now(HOST, GROUP);
      Waiting.until("what went wrong", () -> told.contains("{groupId=g}"));
      Waiting.until("the other", () -> work.of(OTHER) == 1);
      assertThat(work.logged).containsEntry(GROUP, "g").containsEntry(OTHER, "other");
    }
  }

  /** Hears what the schedule logs. */
  private static final class Listener extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger(DriveSchedule.class);
    private final Consumer<ILoggingEvent> heard;

    Listener(Consumer<ILoggingEvent> heard) {
      this.heard = heard;
      setContext(logger.getLoggerContext());
      start();
      logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      heard.accept(event);
    }

    @Override
    public void close() {
      logger.detachAppender(this);
      stop();
    }
  }

  @Test
  void manyErrorsTakeNoPlacesAway() {
    try (DriveSchedule schedule = schedule()) {
      for (int i = 0; i < 2 * HostQueues.PLACES; i++) {
        ContainerGroupId failing = new ContainerGroupId("failing-" + i);
        work.fates.put(
            failing,
            () -> {
              throw new StackOverflowError("on purpose");
            });
        schedule.now(HOST, failing);
      }
      schedule.now(HOST, GROUP);
      Waiting.until("a look", () -> work.of(GROUP) == 1);
    }
  }

  @Test
  void anErrorWhileItsHostIsSoughtIsOverAfterAWhile() {
    work.hostFailures.set(1);
    try (DriveSchedule schedule = schedule()) {
      schedule.now(GROUP);
      Waiting.until("a look", () -> work.of(GROUP) == 1);
    }
  }

  @Test
  void theHostOfAGroupIsSoughtOnceAndOneWithoutIsForgotten() {
    work.fates.put(GROUP, () -> Duration.ofMillis(1));
    ContainerGroupId nowhere = new ContainerGroupId("nowhere");
    try (DriveSchedule schedule = schedule()) {
      schedule.now(GROUP);
      Waiting.until("looks", () -> work.of(GROUP) > 3);
      assertThat(work.sought).hasValue(1);
      schedule.now(nowhere);
      Waiting.until("nothing to do", () -> work.sought.get() == 2 && schedule.size() == 1);
      assertThat(work.of(nowhere)).isZero();
    }
  }

  @Test
  void whatIsWantedWhileItIsLookedAtIsLookedAtOnceMore() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    work.fates.put(
        GROUP,
        () -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return null;
        });
    try (DriveSchedule schedule = schedule()) {
      schedule.now(HOST, GROUP);
      Waiting.until("a look", () -> work.of(GROUP) == 1);
      for (int i = 0; i < 10; i++) {
        schedule.now(GROUP);
      }
      go.countDown();
      Waiting.until("an end", () -> schedule.size() == 0);
      assertThat(work.of(GROUP)).isEqualTo(2);
    }
  }

  @Test
  void aGroupThatIsOnlyToBeStartedWaitsWhileManyAreBoundButNotForWhatElseIsToBeDone() {
    try (DriveSchedule schedule = schedule()) {
      for (int i = 0; i < 1_000; i++) {
        load.begin();
      }
      ContainerGroupId other = new ContainerGroupId("other");
      ContainerGroupId deleted = new ContainerGroupId("deleted");
      for (int i = 0; i < 500; i++) {
        schedule.toStart(HOST, new ContainerGroupId("many-" + i));
      }
      schedule.toStart(HOST, deleted);
      schedule.now(HOST, other);
      Waiting.until("a look at another group", () -> work.of(other) == 1);
      assertThat(work.of(deleted)).isZero();

      schedule.now(HOST, deleted);

      Waiting.until("a look at the one that is to end", () -> work.of(deleted) == 1);
      assertThat(work.of(new ContainerGroupId("many-499"))).isZero();
      for (int i = 0; i < 1_000; i++) {
        load.end(1);
      }
      Waiting.until("a look at the last", () -> work.of(new ContainerGroupId("many-499")) == 1);
      assertThat(work.of(deleted)).isEqualTo(1);
    }
  }

  /** Starts what it is asked to look at, as long as the test wants. */
  private static final class Starting implements DriveSchedule.Work {
    private final AtomicInteger looks = new AtomicInteger();
    private final Set<ContainerGroupId> begun = ConcurrentHashMap.newKeySet();
    private final Set<ContainerGroupId> ended = ConcurrentHashMap.newKeySet();
    private final CountDownLatch go = new CountDownLatch(1);
    private volatile @Nullable HostStarts starts;

    boolean beganOrWaits(ContainerGroupId group) {
      HostStarts known = starts;
      return begun.contains(group) || (known != null && known.isInLine(group));
    }

    @Override
    public Optional<HostId> hostOf(ContainerGroupId group) {
      return Optional.of(HOST);
    }

    @Override
    public @Nullable Duration look(ContainerGroupId group, HostStarts starts) {
      this.starts = starts;
      looks.incrementAndGet();
      if (!starts.begin(HOST, group)) {
        return Duration.ofMinutes(1);
      }
      begun.add(group);
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      starts.end(HOST);
      starts.leave(group);
      ended.add(group);
      return null;
    }
  }

  @Test
  void whatWaitsForItsTurnOnItsHostIsNotLookedAtBeforeHoweverOftenTheTablesNameIt() {
    Starting work = new Starting();
    List<ContainerGroupId> groups =
        IntStream.range(0, 400).mapToObj(i -> new ContainerGroupId("many-" + i)).toList();
    try (DriveSchedule schedule =
        new DriveSchedule(new HostSilence(System::nanoTime), load, () -> 1, work)) {
      for (int again = 0; again < 3; again++) {
        groups.forEach(group -> schedule.toStart(HOST, group));
        Waiting.until(
            "a start or a place in the line for each",
            () -> groups.stream().allMatch(work::beganOrWaits));
      }
      assertThat(work.begun).hasSizeLessThan(groups.size());
      assertThat(work.looks.get()).isLessThan(groups.size());

      work.go.countDown();

      Waiting.until("the start of all", () -> work.ended.size() == groups.size());
    }
  }
}
