package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.SandboxView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the engine what containers use, a few at a time. An engine of API 1.41 or later answers at
 * once ({@code one-shot}); earlier ones do not know that word and take a second or two for a second
 * look, which is why there is a time for all together: who was not asked by then has no figures
 * this time.
 */
final class EngineStatistics implements AutoCloseable {

  /** More at once gain nothing, and starts and stops come first. */
  private static final int AT_ONCE = 4;

  private static final Duration LONGEST_CALL = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** The whole answer of an engine about one container is some kilobytes. */
  private static final int LARGEST_ANSWER = 1 << 20;

  private static final System.Logger LOG = System.getLogger(EngineStatistics.class.getName());
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What was answered of a container and when. */
  private record Answer(ContainerStatistics statistics, Instant at) {}

  private record Asked(ContainerView container, Instant since, Future<Optional<Answer>> answer) {}

  /**
   * A group that is asked for.
   *
   * @param sandbox what is known of its network
   */
  private record AskedGroup(
      GroupLimits limits, Future<Optional<Answer>> sandbox, List<Asked> containers) {}

  private final EngineCalls calls;
  private final EngineViews views;
  private final HostSide host;
  private final InstantSource clock;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("podyard-statistics-", 0).factory());

  EngineStatistics(EngineCalls calls, EngineViews views, HostSide host, InstantSource clock) {
    this.calls = calls;
    this.views = views;
    this.host = host;
    this.clock = clock;
  }

  List<GroupStatistics> of(InstallationId installation, Collection<GroupLimits> groups)
      throws RuntimeUnavailableException {
    long end = System.nanoTime() + LONGEST.toNanos();
    Map<ContainerGroupId, EngineView> there = views.views(installation);
    List<AskedGroup> asked = new ArrayList<>();
    for (GroupLimits limits : groups) {
      EngineView view = there.get(limits.group());
      if (view != null) {
        ask(limits, view, end).ifPresent(asked::add);
      }
    }
    List<GroupStatistics> statistics = new ArrayList<>();
    for (AskedGroup group : asked) {
      answer(group, end).ifPresent(statistics::add);
    }
    return statistics;
  }

  private Optional<AskedGroup> ask(GroupLimits limits, EngineView view, long end) {
    List<Asked> containers = new ArrayList<>();
    for (ContainerView container : view.containers()) {
      if (container.status() instanceof ContainerView.Status.Running(Instant since)) {
        containers.add(new Asked(container, since, submit(container.engineId(), end)));
      }
    }
    return view.sandboxes().stream()
        .filter(SandboxView::running)
        .findFirst()
        .filter(_ -> !containers.isEmpty())
        .map(sandbox -> new AskedGroup(limits, submit(sandbox.engineId(), end), containers));
  }

  private Future<Optional<Answer>> submit(String engineId, long end) {
    return threads.submit(() -> look(engineId, end));
  }

  private Optional<Answer> look(String engineId, long end) throws InterruptedException {
    if (!turns.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    try {
      JsonNode json =
          calls.<JsonNode, RuntimeException>exchange(
              EngineRequest.get("/containers/" + engineId + "/stats?stream=false&one-shot=true"),
              CallScope.reading(LONGEST_CALL),
              answer -> JSON.readTree(answer.getBody().readNBytes(LARGEST_ANSWER)));
      return Optional.of(new Answer(new ContainerStatistics(json), clock.instant()));
    } catch (StaleFenceException e) {
      throw new IllegalStateException("reading needs no fence", e);
    } catch (RuntimeUnavailableException | DockerException e) {
      LOG.log(System.Logger.Level.DEBUG, "no statistics of container " + engineId, e);
      return Optional.empty();
    } finally {
      turns.release();
    }
  }

  private Optional<GroupStatistics> answer(AskedGroup asked, long end) {
    List<GroupStatistics.OfContainer> containers = new ArrayList<>();
    List<ContainerStatistics> answered = new ArrayList<>();
    Instant at = Instant.MIN;
    for (Asked one : asked.containers()) {
      Answer answer = wait(one.answer(), end).orElse(null);
      if (answer != null && answer.statistics().isOfARunningOne()) {
        ContainerView container = one.container();
        containers.add(
            new GroupStatistics.OfContainer(
                container.container(),
                container.attempt(),
                one.since(),
                answer.statistics().cpuNanos(),
                answer
                    .statistics()
                    .memory(asked.limits().of(container.container()).memory().bytes())));
        answered.add(answer.statistics());
        at = answer.at().isAfter(at) ? answer.at() : at;
      }
    }
    if (containers.isEmpty()) {
      return Optional.empty();
    }
    containers.sort(Comparator.comparing(GroupStatistics.OfContainer::container));
    return Optional.of(
        new GroupStatistics(
            asked.limits().group(),
            at,
            containers,
            wait(asked.sandbox(), end).map(of -> of.statistics().interfaces()).orElse(List.of()),
            ContainerStatistics.disks(answered, host::device),
            List.of()));
  }

  private static Optional<Answer> wait(Future<Optional<Answer>> answer, long end) {
    try {
      return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (TimeoutException e) {
      boolean _ = answer.cancel(true);
      return Optional.empty();
    } catch (ExecutionException | CancellationException e) {
      LOG.log(System.Logger.Level.DEBUG, "statistics cannot be read", e);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
