package io.podyard.bench;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Clients that create groups through the RPC door, each waiting for its answer before the next. */
public final class CreateLoad {

  private static final int UNAVAILABLE = 503;

  /**
   * What came of it.
   *
   * @param created groups that the server said are there
   * @param refused answers 503, which created nothing
   */
  public record Result(long created, long refused, Duration took, Figures millis) {
    public double perSecond() {
      return created / (took.toNanos() / 1e9);
    }
  }

  private record Share(long created, long refused, List<Double> millis) {}

  private final PodyardClient client;
  private final int clients;

  public CreateLoad(PodyardClient client, int clients) {
    this.client = client;
    this.clients = clients;
  }

  /** Creates as many as can be in that time. */
  public Result during(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return run(() -> System.nanoTime() < end);
  }

  /** Creates that many. */
  public Result exactly(long groups) {
    AtomicLong left = new AtomicLong(groups);
    Result result = run(() -> left.getAndDecrement() > 0);
    if (result.refused() > 0) {
      throw new IllegalStateException(result.refused() + " creates were refused");
    }
    return result;
  }

  private Result run(BooleanSupplier another) {
    long start = System.nanoTime();
    List<Future<Share>> shares = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        shares.add(threads.submit(() -> oneClient(another)));
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    long created = 0;
    long refused = 0;
    Figures millis = new Figures();
    for (Future<Share> each : shares) {
      Share share = outcome(each);
      created += share.created();
      refused += share.refused();
      share.millis().forEach(millis::add);
    }
    return new Result(created, refused, took, millis);
  }

  private static Share outcome(Future<Share> share) {
    try {
      return share.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a create failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Share oneClient(BooleanSupplier another) {
    List<Double> millis = new ArrayList<>();
    long refused = 0;
    while (another.getAsBoolean()) {
      long sent = System.nanoTime();
      if (create() == null) {
        refused++;
      } else {
        millis.add((System.nanoTime() - sent) / 1e6);
      }
    }
    return new Share(millis.size(), refused, millis);
  }

  private @Nullable String create() {
    try {
      return client
          .call(
              Action.CREATE_CONTAINER_GROUP,
              SmallGroup.request(),
              CreateContainerGroupResponse.class)
          .containerGroupId();
    } catch (PodyardCallException e) {
      if (e.httpStatus() == UNAVAILABLE) {
        return null;
      }
      throw e;
    }
  }
}
