package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineAnswer;
import io.podyard.runtime.docker.http.EngineRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs commands in containers. */
final class ExecRun {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What shells answer for a command that cannot be run. */
  private static final int CANNOT_RUN = 126;

  private static final Duration FOR_THE_CODE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  /** How long the caller waits to hear that a command was ended. */
  private static final Duration FOR_THE_END = Duration.ofSeconds(20);

  private final EngineCalls calls;
  private final CommandEnding ending;
  private final int mostOutput;

  ExecRun(EngineCalls calls, CommandEnding ending, int mostOutput) {
    this.calls = calls;
    this.ending = ending;
    this.mostOutput = mostOutput;
  }

  ExecResult run(String engineId, List<String> command, Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException {
    try {
      String exec = create(engineId, new ExecOrder(command, false, false));
      byte[] output;
      long deadline = System.nanoTime() + timeout.toNanos();
      try {
        output = attach(exec, timeout);
      } catch (BadRequestException e) {
        return new ExecResult(CANNOT_RUN, EngineErrors.words(e) + "\n");
      } catch (RuntimeUnavailableException e) {
        // The engine lets the command run on, whether or not anybody listens.
        CompletableFuture<Boolean> end = ending.begin(exec);
        if (System.nanoTime() - deadline < 0) {
          throw e;
        }
        throw late(timeout, end);
      }
      return new ExecResult(exitCode(exec), new String(output, StandardCharsets.UTF_8));
    } catch (NotFoundException | ConflictException e) {
      throw notRunning(engineId, e);
    } catch (DockerException e) {
      throw calls.unavailable(e);
    } catch (StaleFenceException e) {
      throw new IllegalStateException("a command needs no fence", e);
    }
  }

  /** Talks with a command while it runs. */
  @FunctionalInterface
  interface Talk<T> {
    T over(ExecStream stream) throws ExecStream.BrokenException;
  }

  private record Talked<T>(T result, boolean ended) {}

  /**
   * Talks with a command that ends by itself when its input does or its time is over.
   *
   * @param late the answer if the talk takes too long
   */
  <T> T talk(
      String engineId, List<String> command, Duration timeout, Talk<T> talk, Supplier<T> late)
      throws RuntimeUnavailableException, NoSuchContainerException {
    try {
      String exec = create(engineId, new ExecOrder(command, true, false));
      long deadline = System.nanoTime() + timeout.toNanos();
      byte[] order = JSON.writeValueAsBytes(Map.of("Detach", false, "Tty", false));
      try {
        Talked<T> talked =
            calls.<Talked<T>, ExecStream.BrokenException>exchange(
                EngineRequest.post("/exec/" + exec + "/start", order),
                CallScope.reading(timeout),
                answer -> {
                  ExecStream stream = new ExecStream(answer.getBody(), answer.input());
                  return new Talked<>(talk.over(stream), stream.hasEnded());
                });
        if (talked.ended()) {
          // An engine that went away ends the stream as well, and does not answer this.
          int _ = exitCode(exec);
        }
        return talked.result();
      } catch (RuntimeUnavailableException | ExecStream.BrokenException e) {
        if (System.nanoTime() - deadline >= 0) {
          return late.get();
        }
        throw e instanceof RuntimeUnavailableException unavailable
            ? unavailable
            : new RuntimeUnavailableException(
                "the connection to engine " + calls.address() + " broke: " + e.getMessage(), e);
      }
    } catch (NotFoundException | ConflictException e) {
      throw notRunning(engineId, e);
    } catch (DockerException e) {
      throw calls.unavailable(e);
    } catch (StaleFenceException e) {
      throw new IllegalStateException("a command needs no fence", e);
    }
  }

  private static CommandTimedOutException late(Duration timeout, CompletableFuture<Boolean> end) {
    boolean ended = false;
    try {
      ended = end.get(FOR_THE_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      System.getLogger(ExecRun.class.getName())
          .log(System.Logger.Level.WARNING, "a command may go on running", e);
    }
    return new CommandTimedOutException("the command did not end within " + timeout, ended);
  }

  /** Runs a command that is talked with for as long as it likes. */
  ExecSession open(String engineId, ExecOrder order)
      throws RuntimeUnavailableException, NoSuchContainerException {
    try {
      String exec = create(engineId, order);
      byte[] start = JSON.writeValueAsBytes(Map.of("Detach", false, "Tty", order.terminal()));
      try {
        EngineAnswer answer = calls.open(EngineRequest.upgrade("/exec/" + exec + "/start", start));
        return new AttachedCommand(this, calls, ending, exec, order, answer);
      } catch (RuntimeUnavailableException e) {
        // It may have been begun all the same.
        CompletableFuture<Boolean> _ = ending.begin(exec);
        throw e;
      }
    } catch (NotFoundException | ConflictException e) {
      throw notRunning(engineId, e);
    } catch (DockerException e) {
      throw calls.unavailable(e);
    } catch (StaleFenceException e) {
      throw new IllegalStateException("a command needs no fence", e);
    }
  }

  private static NoSuchContainerException notRunning(String engineId, DockerException e) {
    return new NoSuchContainerException(
        "container " + engineId + " does not run: " + EngineErrors.words(e));
  }

  private String create(String engineId, ExecOrder order)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, Object> wanted =
        Map.of(
            "AttachStdin",
            order.input(),
            "AttachStdout",
            true,
            "AttachStderr",
            true,
            "Tty",
            order.terminal(),
            "Cmd",
            order.command());
    return calls.<String, RuntimeException>exchange(
        EngineRequest.post("/containers/" + engineId + "/exec", JSON.writeValueAsBytes(wanted)),
        CallScope.reading(calls.timeout()),
        answer -> JSON.readTree(answer.getBody()).path("Id").asString(""));
  }

  private byte[] attach(String exec, Duration timeout)
      throws RuntimeUnavailableException, StaleFenceException {
    byte[] order = JSON.writeValueAsBytes(Map.of("Detach", false, "Tty", false));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    AtomicLong dropped = new AtomicLong();
    calls.follow(
        EngineRequest.post("/exec/" + exec + "/start", order),
        CallScope.reading(timeout),
        answer -> {
          // What is beyond the limit is read and dropped, or the command would never end.
          new LogFrames(answer.getBody())
              .forEach(
                  (_, bytes) -> {
                    int kept = Math.min(bytes.length, mostOutput - output.size());
                    output.write(bytes, 0, kept);
                    dropped.addAndGet(bytes.length - kept);
                  });
        });
    if (dropped.get() > 0) {
      output.writeBytes(
          "\n[%d more bytes are left out]\n"
              .formatted(dropped.get())
              .getBytes(StandardCharsets.UTF_8));
    }
    return output.toByteArray();
  }

  /** The output ends a moment before the engine knows the exit code. */
  int exitCode(String exec) throws RuntimeUnavailableException, StaleFenceException {
    long end = System.nanoTime() + FOR_THE_CODE.toNanos();
    while (true) {
      JsonNode state =
          calls.<JsonNode, RuntimeException>exchange(
              EngineRequest.get("/exec/" + exec + "/json"),
              CallScope.reading(calls.timeout()),
              answer -> JSON.readTree(answer.getBody()));
      if (!state.path("Running").asBoolean(false) && state.path("ExitCode").isNumber()) {
        return state.path("ExitCode").asInt();
      }
      if (System.nanoTime() - end > 0) {
        throw new RuntimeUnavailableException("the engine does not tell how a command ended");
      }
      try {
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RuntimeUnavailableException("interrupted while a command ended", e);
      }
    }
  }
}
