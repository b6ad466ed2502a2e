package io.podyard.controlplane.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

class BatchWriterTest {

  private TestDatabase database;
  private JdbcTemplate jdbc;

  @BeforeEach
  void createTable() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    jdbc.execute("create table item (value integer not null check (value <> 13))");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void anItemThatFailsAloneIsLoggedWithTheGroupAndRequestItIsFor() {
    Logger logger = (Logger) LoggerFactory.getLogger(BatchWriter.class);
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.setContext(logger.getLoggerContext());
    said.start();
    logger.addAppender(said);
    try (BatchWriter<Integer, Integer> writer = writer(this::insert);
        LogScope _ = LogScope.ofRequest("r1")) {
      LogScope.concerns(new ContainerGroupId("g1"));
      assertThatThrownBy(() -> writer.write(13)).isInstanceOf(NotWrittenException.class);
    } finally {
      logger.detachAppender(said);
    }
    assertThat(said.list)
        .anySatisfy(
            event ->
                assertThat(event.getMDCPropertyMap())
                    .containsEntry("requestId", "r1")
                    .containsEntry("groupId", "g1"));
    assertThat(LogScope.Fields.present()).isEqualTo(LogScope.Fields.NONE);
  }

  @Test
  void manyWritersShareFewTransactionsAndEachGetsItsOwnResult() throws Exception {
    List<Integer> batches = new ArrayList<>();
    try (BatchWriter<Integer, Integer> writer =
            writer(
                items -> {
                  batches.add(items.size());
                  return insert(items);
                });
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 100; i < 1100; i++) {
        int value = i;
        results.add(threads.submit(() -> writer.write(value)));
      }
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get()).isEqualTo(-(100 + i));
      }
    }
    assertThat(count()).isEqualTo(1000);
    assertThat(batches).hasSizeLessThan(500).allMatch(size -> size <= BatchWriter.MOST_ITEMS);
  }

  @Test
  void aPoisonousItemFailsAlone() throws Exception {
    try (BatchWriter<Integer, Integer> writer = writer(this::insert);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 1; i <= 50; i++) {
        int value = i;
        results.add(threads.submit(() -> writer.write(value)));
      }
      for (int i = 1; i <= 50; i++) {
        Future<Integer> result = results.get(i - 1);
        if (i == 13) {
          assertThatThrownBy(result::get).hasCauseInstanceOf(NotWrittenException.class);
        } else {
          assertThat(result.get()).isEqualTo(-i);
        }
      }
    }
    assertThat(count()).isEqualTo(49);
  }

  @Test
  void whatTheHandlerRefusesIsTheAnswerOfThatItemAlone() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (BatchWriter<Integer, Integer> writer =
            writer(
                items -> {
                  await(go);
                  List<Integer> results = insert(items);
                  if (items.contains(7)) {
                    throw new ApiException(ErrorCode.LAST_TOKEN_PROCESSING, "not 7");
                  }
                  return results;
                });
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 1; i <= 10; i++) {
        int value = i;
        results.add(threads.submit(() -> writer.write(value)));
      }
      go.countDown();
      for (int i = 1; i <= 10; i++) {
        Future<Integer> result = results.get(i - 1);
        if (i == 7) {
          assertThatThrownBy(result::get).hasCauseInstanceOf(ApiException.class);
        } else {
          assertThat(result.get()).isEqualTo(-i);
        }
      }
    }
    assertThat(count()).isEqualTo(9);
  }

  @Test
  void anItemThatNoBatchTookInTimeIsRefusedAndNeverWritten() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    try (BatchWriter<Integer, Integer> writer =
            writer(
                items -> {
                  busy.countDown();
                  await(release);
                  return insert(items);
                });
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first = threads.submit(() -> writer.write(1));
      await(busy);
      assertThatThrownBy(() -> writer.write(2))
          .isInstanceOf(NotWrittenException.class)
          .hasMessageContaining("was not written");
      release.countDown();
      assertThat(first.get()).isEqualTo(-1);
    }
    assertThat(jdbc.queryForList("select value from item", Integer.class)).containsExactly(1);
  }

  @Test
  void aCallerThatIsInterruptedBeforeABatchTookItsItemWritesNothing() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    try (BatchWriter<Integer, Integer> writer =
            writer(
                items -> {
                  busy.countDown();
                  await(release);
                  return insert(items);
                });
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first = threads.submit(() -> writer.write(1));
      await(busy);
      CompletableFuture<Throwable> refusal = new CompletableFuture<>();
      Thread second =
          Thread.startVirtualThread(
              () -> {
                try {
                  int _ = writer.write(2);
                } catch (NotWrittenException e) {
                  refusal.complete(e);
                }
              });
      Waiting.until(() -> writer.waiting() == 1);
      second.interrupt();
      assertThat(refusal.get()).hasMessageContaining("interrupted");
      release.countDown();
      assertThat(first.get()).isEqualTo(-1);
      assertThat(writer.write(3)).isEqualTo(-3);
    }
    assertThat(jdbc.queryForList("select value from item", Integer.class)).containsExactly(1, 3);
  }

  @Test
  void aCallerIsToldInTimeThatNobodyKnowsWhenItsBatchHangs() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (BatchWriter<Integer, Integer> writer =
        writer(
            items -> {
              await(release);
              return insert(items);
            })) {
      long asked = System.nanoTime();
      assertThatThrownBy(() -> writer.write(1))
          .isInstanceOf(NotWrittenException.class)
          .hasMessageContaining("unknown if written");
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofMillis(3_500));
      release.countDown();
      Waiting.until(() -> count() == 1);
    }
  }

  /** One that even telling of it fails for. */
  private static final class Unspeakable extends Error {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new StackOverflowError("on purpose");
    }
  }

  @Test
  void noErrorEndsTheWriting() throws Exception {
    try (BatchWriter<Integer, Integer> writer =
        writer(
            items -> {
              if (items.contains(1)) {
                throw new Unspeakable();
              }
              return insert(items);
            })) {
      assertThatThrownBy(() -> writer.write(1))
          .isInstanceOf(NotWrittenException.class)
          .hasMessageContaining("unknown if written");
      assertThat(writer.write(2)).isEqualTo(-2);
    }
  }

  private BatchWriter<Integer, Integer> writer(BatchWriter.Handler<Integer, Integer> handler) {
    return new BatchWriter<>("test", database.transaction(), handler, CommitPoints.NONE);
  }

  private List<Integer> insert(List<Integer> items) {
    jdbc.update(
        "insert into item select * from unnest(?::int4[])",
        Columns.of(items).integer(Integer::intValue));
    return items.stream().map(item -> -item).toList();
  }

  private int count() {
    Integer count = jdbc.queryForObject("select count(*) from item", Integer.class);
    return count == null ? 0 : count;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
