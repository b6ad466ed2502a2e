package io.podyard.runtime.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RestartPolicy;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Commands that are talked with, and logs that are followed. */
abstract class TalkContract extends ReplacementContract {

  /** All of these wait for one another; a pool of few threads would be none too many. */
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private static final String SCRIPT = "echo out; echo err >&2; exit 3";

  @Test
  void outputErrorsAndExitCodeOfACommandAreTold() throws Exception {
    DrivenGroup group = runningGroup();
    try (ExecSession session = open(group, false, false, "sh", "-c", SCRIPT)) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      ByteArrayOutputStream errors = new ByteArrayOutputStream();
      readAll(session, output, errors);
      assertThat(output.toString(UTF_8)).isEqualTo("out\n");
      assertThat(errors.toString(UTF_8)).isEqualTo("err\n");
      assertThat(session.exitCode()).isEqualTo(3);
      // Nobody takes it any more, and that is no trouble.
      session.write("late\n".getBytes(UTF_8));
      session.endInput();
    }
  }

  @Test
  void whatIsWrittenToACommandComesBackAndTheEndOfTheInputEndsIt() throws Exception {
    DrivenGroup group = runningGroup();
    try (ExecSession session = open(group, true, false, "cat")) {
      session.write("one\n".getBytes(UTF_8));
      assertThat(readUntil(session, "one\n")).isEqualTo("one\n");
      session.write("two\n".getBytes(UTF_8));
      session.endInput();
      assertThat(readUntil(session, null)).isEqualTo("two\n");
      assertThat(session.exitCode()).isZero();
    }
  }

  @Test
  void aTerminalShowsWhatIsTypedAndKnowsItsSize() throws Exception {
    DrivenGroup group = runningGroup();
    try (ExecSession session = open(group, true, true, "sh")) {
      session.resize(101, 37);
      session.write("stty size\r".getBytes(UTF_8));
      assertThat(readUntil(session, "37 101\r\n")).contains("stty size\r\n");
      session.resize(80, 25);
      session.write("stty size\r".getBytes(UTF_8));
      readUntil(session, "25 80\r\n");
      session.write("exit 7\r".getBytes(UTF_8));
      readUntil(session, null);
      assertThat(session.exitCode()).isEqualTo(7);
    }
  }

  @Test
  void aReaderThatStopsHoldsUpItsOwnCommandAndNothingElse() throws Exception {
    DrivenGroup group = runningGroup();
    try (ExecSession stalled = open(group, false, false, "yes")) {
      assertThat(stalled.read()).isPresent();
      try (ExecSession other = open(group, true, false, "cat")) {
        byte[] much = new byte[1 << 20];
        Arrays.fill(much, (byte) 'x');
        // Two threads, or both pipes fill up: the command's own affair, not the runtime's.
        CompletableFuture<Void> written =
            CompletableFuture.runAsync(
                () -> {
                  other.write(much);
                  other.endInput();
                },
                THREADS);
        assertThat(readUntil(other, null)).hasSize(much.length);
        written.get(patience().toSeconds(), TimeUnit.SECONDS);
      }
      // What it said before and says now comes without a gap.
      assertThat(stalled.read().orElseThrow().bytes()).isNotEmpty();
    }
  }

  @Test
  void closingASessionEndsItsCommandAndWakesItsReader() throws Exception {
    DrivenGroup group = runningGroup();
    ExecSession session = open(group, true, false, "cat");
    CompletableFuture<Optional<ExecSession.Chunk>> reading =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return session.read();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            THREADS);
    session.close();
    assertThat(reading.get(patience().toSeconds(), TimeUnit.SECONDS)).isEmpty();
    session.close();
  }

  @Test
  void aCommandEndsWithItsContainer() throws Exception {
    DrivenGroup group = runningGroup();
    try (ExecSession session = open(group, true, false, "cat")) {
      session.write("here\n".getBytes(UTF_8));
      readUntil(session, "here\n");
      group.goal(end(Duration.ZERO));
      driveTo(runtime, group, GroupPhase.GONE);
      assertThat(readUntil(session, null)).isEmpty();
      assertThatNotZero(session);
    }
  }

  private static void assertThatNotZero(ExecSession session) throws Exception {
    try {
      assertThat(session.exitCode()).isNotZero();
    } catch (NoSuchContainerException e) {
      // The engine has forgotten how it ended.
    }
  }

  @Test
  void nobodyTalksWithWhatDoesNotRun() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    assertThatThrownBy(() -> open(group, true, false, "cat"))
        .isInstanceOf(NoSuchContainerException.class);
    assertThatThrownBy(() -> follow(group, 0, ALL_LOGS))
        .isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void aLogIsFollowedWhileItIsWrittenAndEndsWithItsRun() throws Exception {
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.NEVER,
                container("app", "sh", "-c", "echo one; echo two; sleep 4; echo three; sleep 1")));
    driveTo(runtime, group, GroupPhase.RUNNING);
    List<String> lines = new ArrayList<>();
    AtomicInteger early = new AtomicInteger();
    try (LogStream log = follow(group, 0, ALL_LOGS)) {
      assertThat(log.attempt()).isEqualTo(1);
      log.forEach(
          (time, text) -> {
            lines.add(new String(text, UTF_8));
            if (time.isBefore(Instant.now().minusSeconds(2))) {
              early.incrementAndGet();
            }
            return true;
          });
    }
    assertThat(lines).containsExactly("one", "two", "three");
    // Each came when it was written, not at the end.
    assertThat(early).hasValue(0);
    driveTo(runtime, group, GroupPhase.SUCCEEDED);

    try (LogStream log = follow(group, 0, new LogQuery(2, 1000, null, false, false))) {
      assertThat(texts(log, 10)).containsExactly("two", "three");
    }
    try (LogStream log = follow(group, 1, ALL_LOGS)) {
      assertThat(texts(log, 1)).containsExactly("one");
    }
    assertThatThrownBy(() -> follow(group, 2, ALL_LOGS))
        .isInstanceOf(NoSuchContainerException.class);

    group.goal(new Goal.Remove());
    driveTo(runtime, group, GroupPhase.GONE);
    try (LogStream log = follow(group, 0, ALL_LOGS)) {
      assertThat(texts(log, 10)).containsExactly("one", "two", "three");
    }
  }

  @Test
  void closingAFollowedLogWakesItsReader() throws Exception {
    DrivenGroup group =
        group(spec(RestartPolicy.ALWAYS, container("app", "sh", "-c", "echo hi; sleep 1000")));
    driveTo(runtime, group, GroupPhase.RUNNING);
    CompletableFuture<Void> first = new CompletableFuture<>();
    LogStream log = follow(group, 0, ALL_LOGS);
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(
            () -> {
              try {
                log.forEach((_, _) -> first.complete(null));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            THREADS);
    first.get(patience().toSeconds(), TimeUnit.SECONDS);
    log.close();
    reading.get(patience().toSeconds(), TimeUnit.SECONDS);
  }

  private DrivenGroup runningGroup() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, group, GroupPhase.RUNNING);
    return group;
  }

  private ExecSession open(DrivenGroup group, boolean input, boolean terminal, String... command)
      throws Exception {
    return runtime.open(
        installation, host(), group.id(), "app", new ExecOrder(List.of(command), input, terminal));
  }

  private LogStream follow(DrivenGroup group, int firstAttempt, LogQuery query) throws Exception {
    return runtime.follow(installation, host(), group.id(), "app", firstAttempt, query);
  }

  private static List<String> texts(LogStream log, int most) throws Exception {
    List<String> texts = new ArrayList<>();
    log.forEach(
        (_, text) -> {
          texts.add(new String(text, UTF_8));
          return texts.size() < most;
        });
    return texts;
  }

  private static void readAll(
      ExecSession session, ByteArrayOutputStream output, ByteArrayOutputStream errors)
      throws Exception {
    Optional<ExecSession.Chunk> chunk = session.read();
    while (chunk.isPresent()) {
      switch (chunk.get().source()) {
        case OUTPUT -> output.writeBytes(chunk.get().bytes());
        case ERROR -> errors.writeBytes(chunk.get().bytes());
      }
      chunk = session.read();
    }
  }

  /**
   * Reads what the command says.
   *
   * @param text until it has said this; to the end if null
   */
  private String readUntil(ExecSession session, @Nullable String text) throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    while (text == null || !said.toString(UTF_8).contains(text)) {
      Optional<ExecSession.Chunk> chunk =
          CompletableFuture.supplyAsync(
                  () -> {
                    try {
                      return session.read();
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  },
                  THREADS)
              .get(patience().toSeconds(), TimeUnit.SECONDS);
      if (chunk.isEmpty()) {
        assertThat(text).as("expected after %s", said).isNull();
        break;
      }
      said.writeBytes(chunk.get().bytes());
    }
    return said.toString(UTF_8);
  }
}
