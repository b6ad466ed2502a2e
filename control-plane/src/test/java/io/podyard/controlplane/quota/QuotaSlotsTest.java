package io.podyard.controlplane.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.write.Together;
import io.podyard.model.AccountId;
import io.podyard.model.MilliCpu;
import io.podyard.model.RegionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.dao.ConcurrencyFailureException;

/** Several processes that count the groups of one account. */
class QuotaSlotsTest {

  private static final QuotaPlace PLACE = new QuotaPlace(new AccountId("a"), new RegionId("r"));
  private static final long SECONDS = 20;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private TestDatabase database;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    database.close();
  }

  private Quotas process(int slot) {
    return new Quotas(
        database.jdbc(),
        new Binder(new MapConfigurationPropertySource(Map.of("podyard.quotas.max-cpu", "1000")))
            .bind("podyard", PodyardSettings.class)
            .get(),
        new StaticListableBeanFactory().getBeanProvider(CountedResources.class),
        slot);
  }

  private void most(long vcpu) {
    process(0).set(PLACE, new Maxima(Map.of(QuotaKind.CPU, vcpu)));
  }

  /** Takes so many groups of a size in a transaction of its own; false if they are too many. */
  private boolean take(Quotas process, MilliCpu each, int groups, Runnable beforeCommit) {
    return Boolean.TRUE.equals(
        database
            .transaction()
            .execute(
                status -> {
                  Together statements = new Together(database.jdbc());
                  QuotaWant want = new QuotaWant((long) each.value() * groups, groups);
                  Map<QuotaPlace, QuotaRoom> rooms = process.lock(Map.of(PLACE, want), statements);
                  statements.send();
                  if (Objects.requireNonNull(rooms.get(PLACE))
                      .takeGroups(each, groups)
                      .isPresent()) {
                    return false;
                  }
                  count(want.milliCpu(), want.groups());
                  beforeCommit.run();
                  return true;
                }));
  }

  private void giveBack(Quotas process, MilliCpu each, int groups) {
    database
        .transaction()
        .executeWithoutResult(
            status -> {
              process.lockToGiveBack(List.of(PLACE));
              count(-(long) each.value() * groups, -groups);
            });
  }

  /** As the triggers of groups do. */
  private void count(long milliCpu, long groups) {
    database.jdbc().query("select count_in_quota('a', 'r', ?, ?)", row -> {}, milliCpu, groups);
  }

  private List<Long> used() {
    return Objects.requireNonNull(
        database
            .jdbc()
            .queryForObject(
                "select used_milli_cpu, used_groups from quota_used",
                (row, n) -> List.of(row.getLong(1), row.getLong(2))));
  }

  private int slots() {
    return Objects.requireNonNull(
        database.jdbc().queryForObject("select count(*) from quota_slot", Integer.class));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Another process has taken so many groups of one vCPU and commits when the latch opens. */
  private Future<?> takesUntil(CountDownLatch latch, int groups) {
    CountDownLatch taken = new CountDownLatch(1);
    Runnable hold =
        () -> {
          taken.countDown();
          await(latch);
        };
    Future<?> taking = threads.submit(() -> take(process(1), MilliCpu.of(1000), groups, hold));
    await(taken);
    return taking;
  }

  @Test
  void whileMuchIsLeftProcessesDoNotWaitForEachOther() {
    most(1_000);
    CountDownLatch other = new CountDownLatch(1);
    Future<?> first = takesUntil(other, 3);
    assertThat(take(process(2), MilliCpu.of(1000), 2, () -> {})).isTrue();
    giveBack(process(3), MilliCpu.of(1000), 1);
    assertThat(first.isDone()).isFalse();
    assertThat(used()).as("of what is committed").containsExactly(1000L, 1L);
    other.countDown();
    assertThat(first).succeedsWithin(Duration.ofSeconds(SECONDS));
    assertThat(used()).containsExactly(4000L, 4L);
  }

  @Test
  void whoWantsWhatIsScarceWaitsForAllWhoTakeOfIt() throws Exception {
    most(100);
    CountDownLatch other = new CountDownLatch(1);
    Future<?> first = takesUntil(other, 1);
    Future<Boolean> all = threads.submit(() -> take(process(2), MilliCpu.of(1000), 100, () -> {}));
    Future<Boolean> rest = threads.submit(() -> take(process(3), MilliCpu.of(1000), 99, () -> {}));
    try {
      boolean _ = all.get(300, TimeUnit.MILLISECONDS);
      throw new AssertionError("it did not wait");
    } catch (TimeoutException waits) {
      other.countDown();
    }
    assertThat(all.get(SECONDS, TimeUnit.SECONDS)).isFalse();
    assertThat(rest.get(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(first).succeedsWithin(Duration.ZERO);
    assertThat(used()).containsExactly(100_000L, 100L);
  }

  @Test
  void aReleaseThatKnowsNoSlotsLocksAndSeesAllOfThem() {
    most(1_000);
    assertThat(take(process(1), MilliCpu.of(1000), 3, () -> {})).isTrue();
    assertThat(take(process(2), MilliCpu.of(2000), 2, () -> {})).isTrue();
    assertThat(slots()).isEqualTo(2);
    List<Long> seen =
        database
            .jdbc()
            .queryForObject(
                """
                insert into quota as q (account_id, region) values ('a', 'r')
                on conflict (account_id, region) do update set used_groups = q.used_groups
                returning used_milli_cpu, used_groups
                """,
                (row, n) -> List.of(row.getLong(1), row.getLong(2)));
    assertThat(seen).containsExactly(7000L, 5L);
    assertThat(slots()).isZero();
    assertThat(used()).containsExactly(7000L, 5L);
  }

  @Test
  void whoeverTakesHoweverItIsNeverTooMuchAndAllOfItCanBeTaken() throws Exception {
    long most = 40;
    most(most);
    AtomicLong taken = new AtomicLong();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int seed = i;
      all.add(
          threads.submit(
              () -> {
                Quotas process = process(seed % 4);
                Random random = new Random(seed);
                for (int turn = 0; turn < 150; turn++) {
                  // Some are small enough for a slot, some are not.
                  MilliCpu each = MilliCpu.of(random.nextBoolean() ? 250 : 1500);
                  try {
                    if (take(process, each, 1, () -> {})) {
                      taken.addAndGet(each.value());
                      assertThat(used().getFirst()).isLessThanOrEqualTo(most * 1000);
                      if (random.nextInt(3) > 0) {
                        giveBack(process, each, 1);
                        taken.addAndGet(-each.value());
                      }
                    }
                  } catch (ConcurrencyFailureException conflict) {
                    // Writers repeat it.
                  }
                }
                return seed;
              }));
    }
    for (Future<?> each : all) {
      Object _ = each.get(120, TimeUnit.SECONDS);
    }
    assertThat(used().getFirst()).isEqualTo(taken.get());
    while (take(process(5), MilliCpu.of(250), 1, () -> {})) {
      taken.addAndGet(250);
    }
    assertThat(used().getFirst()).isEqualTo(taken.get()).isEqualTo(most * 1000);
  }
}
