package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ends commands that nobody waits for any more. The engine's API cannot, but it tells a command's
 * process as its own host numbers it; a short-lived container of the sandbox's program, which sees
 * the host's processes and may do nothing but signal them, finds it there and kills it, wherever
 * the engine is. The program touches only processes in the cgroup of the command's container.
 */
final class CommandEnding implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(CommandEnding.class.getName());
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Ending what the caller itself began needs no right to drive the group. */
  private static final Fence OPEN =
      new Fence() {
        @Override
        public long epoch() {
          return 0;
        }

        @Override
        public void check() {}
      };

  private static final int AT_ONCE = 4;
  private static final long MEMORY_BYTES = 16L << 20;
  private static final long PIDS = 8;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  /** A command may be ordered but not begun, or killed but not yet noted. */
  private static final Duration FOR_THE_ENGINE = Duration.ofSeconds(10);

  /** The program gives up after 5 s. */
  private static final Duration FOR_THE_PROGRAM = Duration.ofSeconds(15);

  private static final Duration FOR_THE_REST = Duration.ofSeconds(5);

  private final EngineCalls calls;
  private final EngineImages images;
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("podyard-command-end-", 0).factory());

  CommandEnding(EngineCalls calls, EngineImages images) {
    this.calls = calls;
    this.images = images;
  }

  /**
   * Begins to end a command; it goes on also if the caller is interrupted.
   *
   * @return whether nothing of it runs any more
   */
  CompletableFuture<Boolean> begin(String exec) {
    try {
      return CompletableFuture.supplyAsync(() -> ended(exec), threads)
          .whenComplete((_, failure) -> tell(failure));
    } catch (RejectedExecutionException e) {
      // Nobody waits for anything any more.
      return CompletableFuture.completedFuture(false);
    }
  }

  /** Most callers do not wait for the end, so nobody else would. */
  private static void tell(@Nullable Throwable failure) {
    if (failure != null) {
      LOG.log(System.Logger.Level.ERROR, "ending a command failed; it may go on running", failure);
    }
  }

  private boolean ended(String exec) {
    try {
      turns.acquire();
      try {
        return end(exec);
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (RuntimeUnavailableException | DockerException e) {
      LOG.log(System.Logger.Level.WARNING, "a command may go on running: " + e.getMessage());
      return false;
    } catch (StaleFenceException e) {
      throw new IllegalStateException("a command needs no fence", e);
    }
  }

  private boolean end(String exec)
      throws RuntimeUnavailableException, StaleFenceException, InterruptedException {
    JsonNode begun = look(exec, state -> !running(state) || process(state) > 0);
    if (begun == null) {
      return true;
    }
    if (process(begun) <= 0) {
      return !running(begun);
    }
    // Also when the command itself has ended: what it left behind may hold its output open.
    if (!kill(exec, process(begun), begun.path("ContainerID").asString(""))) {
      return false;
    }
    JsonNode after = look(exec, state -> !running(state));
    return after == null || !running(after);
  }

  private static boolean running(JsonNode state) {
    return state.path("Running").asBoolean(false);
  }

  private static int process(JsonNode state) {
    return state.path("Pid").asInt(0);
  }

  @FunctionalInterface
  private interface Wanted {
    boolean test(JsonNode state);
  }

  /** What the engine says of a command, when it is as wanted or time is up; null if it is gone. */
  private @Nullable JsonNode look(String exec, Wanted wanted)
      throws RuntimeUnavailableException, StaleFenceException, InterruptedException {
    long end = System.nanoTime() + FOR_THE_ENGINE.toNanos();
    while (true) {
      JsonNode state;
      try {
        state =
            calls.<JsonNode, RuntimeException>exchange(
                EngineRequest.get("/exec/" + exec + "/json"),
                CallScope.reading(calls.timeout()),
                answer -> JSON.readTree(answer.getBody()));
      } catch (NotFoundException | ConflictException e) {
        // The container is gone or has ended, and everything in it.
        return null;
      }
      if (wanted.test(state) || System.nanoTime() - end > 0) {
        return state;
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private boolean kill(String exec, int process, String container)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels = labels(container);
    if (labels == null) {
      return true;
    }
    String installation = labels.get(Names.INSTALLATION);
    String group = labels.get(Names.GROUP);
    if (installation == null || group == null) {
      return false;
    }
    String image = images.sandbox(OPEN);
    String name = installation + "-" + group + "-end-" + exec.substring(0, 12);
    calls.act(
        OPEN,
        docker -> {
          try {
            docker
                .createContainerCmd(image)
                .withName(name)
                .withLabels(labels)
                .withCmd("end", Integer.toString(process), container)
                .withHostConfig(hostConfig())
                .exec();
          } catch (ConflictException e) {
            // Made by an earlier try whose answer was lost.
          }
        });
    try {
      calls.act(OPEN, docker -> docker.startContainerCmd(name).exec());
      int code =
          calls.<Integer, RuntimeException>exchange(
              EngineRequest.post("/containers/" + name + "/wait", new byte[0]),
              CallScope.reading(FOR_THE_PROGRAM),
              answer -> JSON.readTree(answer.getBody()).path("StatusCode").asInt(-1));
      return code == 0;
    } finally {
      calls.act(
          OPEN,
          docker -> {
            try {
              docker.removeContainerCmd(name).withForce(true).exec();
            } catch (NotFoundException | ConflictException e) {
              // Gone already, with its group, or just going.
            }
          });
    }
  }

  /**
   * Those of the command's container, so that what is left of us goes with the group; null if the
   * container is gone, and with it the command.
   */
  private @Nullable Map<String, String> labels(String container)
      throws RuntimeUnavailableException {
    Optional<Map<String, String>> has =
        calls.read(
            docker -> {
              try {
                Map<String, String> found =
                    docker.inspectContainerCmd(container).exec().getConfig().getLabels();
                return Optional.of(found == null ? Map.of() : found);
              } catch (NotFoundException e) {
                return Optional.empty();
              }
            });
    if (has.isEmpty()) {
      return null;
    }
    Map<String, String> labels = new LinkedHashMap<>(has.get());
    labels.keySet().retainAll(List.of(Names.INSTALLATION, Names.GROUP, Names.ACCOUNT));
    labels.put(Names.ROLE, Names.ROLE_END);
    return labels;
  }

  private static HostConfig hostConfig() {
    return ContainerLimits.ofOurs(MEMORY_BYTES, PIDS)
        .withPidMode("host")
        // Where the engine maps users, its processes are seen only without that.
        .withUsernsMode("host")
        .withNetworkMode("none")
        .withReadonlyRootfs(true)
        .withCapAdd(Capability.KILL);
  }

  /** Gives what is under way a moment. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(FOR_THE_REST.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
