package io.podyard.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Stops containers without a thread waiting for each: the stop signal at once, and the kill by a
 * timer when the grace is over. The timer is a convenience; who drives the group kills as well.
 */
final class ContainerStops implements AutoCloseable {

  private static final String DEFAULT_SIGNAL = "SIGTERM";
  private static final int KILLS_AT_A_TIME = 8;

  private final EngineCalls calls;
  private final Map<String, Stop> stops = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("podyard-kill-", 0).factory());
  private final Semaphore kills = new Semaphore(KILLS_AT_A_TIME, true);

  private record Stop(long killAtNanos, Future<?> kill) {}

  ContainerStops(EngineCalls calls) {
    this.calls = calls;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("podyard-stops").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  void begin(String engineId, Duration grace, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    if (!grace.isPositive()) {
      forget(engineId);
      kill(engineId, "SIGKILL", fence);
      return;
    }
    if (!stops.containsKey(engineId)) {
      kill(engineId, signal(engineId), fence);
    }
    schedule(engineId, System.nanoTime() + grace.toNanos(), fence);
  }

  /** The earlier of two kills counts. */
  private void schedule(String engineId, long killAtNanos, Fence fence) {
    stops.compute(
        engineId,
        (_, before) -> {
          if (before != null && before.killAtNanos - killAtNanos <= 0) {
            return before;
          }
          if (before != null) {
            before.kill.cancel(false);
          }
          Future<?> kill =
              timer.schedule(
                  () -> threads.execute(() -> killLate(engineId, fence)),
                  killAtNanos - System.nanoTime(),
                  TimeUnit.NANOSECONDS);
          return new Stop(killAtNanos, kill);
        });
  }

  private void killLate(String engineId, Fence fence) {
    stops.remove(engineId);
    try {
      kills.acquire();
      try {
        kill(engineId, "SIGKILL", fence);
      } finally {
        kills.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeUnavailableException | StaleFenceException e) {
      System.getLogger(ContainerStops.class.getName())
          .log(System.Logger.Level.DEBUG, "the kill of " + engineId + " is left to its driver", e);
    }
  }

  private String signal(String engineId) throws RuntimeUnavailableException {
    return calls.read(
        docker -> {
          try {
            InspectContainerResponse container = docker.inspectContainerCmd(engineId).exec();
            Object signal = container.getConfig().getRawValues().get("StopSignal");
            return signal instanceof String name && !name.isEmpty() ? name : DEFAULT_SIGNAL;
          } catch (NotFoundException e) {
            return DEFAULT_SIGNAL;
          }
        });
  }

  /** Signals a container; one that does not run, or is not there, is fine. */
  void kill(String engineId, String signal, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    calls.act(
        fence,
        docker -> {
          try {
            docker.killContainerCmd(engineId).withSignal(signal).exec();
          } catch (NotFoundException | ConflictException e) {
            // It does not run any more.
          } catch (InternalServerErrorException e) {
            if (runs(docker, engineId)) {
              throw e;
            }
          }
        });
  }

  private static boolean runs(DockerClient docker, String engineId) {
    try {
      return Boolean.TRUE.equals(
          docker.inspectContainerCmd(engineId).exec().getState().getRunning());
    } catch (NotFoundException e) {
      return false;
    }
  }

  void forget(String engineId) {
    Stop stop = stops.remove(engineId);
    if (stop != null) {
      stop.kill.cancel(false);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    threads.shutdownNow();
  }
}
