package io.podyard.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients that create groups through the RPC door, each waiting for its answer before the next. */
public final class CreateLoad {

  private static final int DONE = 200;
  private static final int UNAVAILABLE = 503;
  private static final Pattern GROUP = Pattern.compile("\"ContainerGroupId\":\"([^\"]+)\"");

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

  private final Server server;
  private final SignedRequests requests;
  private final int clients;

  /** What was created and not deleted, the oldest first. */
  private final BlockingQueue<String> living = new LinkedBlockingQueue<>();

  public CreateLoad(Server server, int clients) {
    this.server = server;
    this.requests = server.signedRequests();
    this.clients = clients;
  }

  /** Signs so many requests ahead, for less to do while it is measured. */
  public void prepare(int creates) {
    requests.prepare(creates);
  }

  /** Creates as many as can be in that time. */
  public Result during(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return run(() -> System.nanoTime() < end);
  }

  /**
   * Creates as many as can be in that time and deletes as many of the oldest, once there are so
   * many.
   */
  public void warmUp(Duration time, int most) {
    long end = System.nanoTime() + time.toNanos();
    atOnce(
        connection -> {
          while (System.nanoTime() < end) {
            boolean _ = create(connection);
            if (living.size() > most) {
              deleteOldest(connection);
            }
          }
        });
    keep(most);
  }

  /** Creates as many as are missing, or deletes the oldest, until so many live. */
  public void live(int groups) {
    Result _ = exactly(Math.max(0, groups - living.size()));
    keep(groups);
  }

  /** Deletes the oldest until so many are left. */
  public void keep(int most) {
    AtomicLong tooMany = new AtomicLong(living.size() - (long) most);
    atOnce(
        connection -> {
          while (tooMany.getAndDecrement() > 0) {
            deleteOldest(connection);
          }
        });
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

  /**
   * Creates so many a second at even distances, whenever the others are answered; counted is from
   * when each should have been sent.
   */
  public Result atPace(int perSecond, Duration time) {
    long count = perSecond * time.toMillis() / 1000;
    prepare(Math.toIntExact(count));
    Queue<KeptConnection> idle = new ConcurrentLinkedQueue<>();
    long start = System.nanoTime();
    List<Future<Share>> shares = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long i = 0; i < count; i++) {
        long due = start + i * 1_000_000_000L / perSecond;
        LockSupport.parkNanos(due - System.nanoTime());
        shares.add(threads.submit(() -> oneOf(due, idle)));
      }
    }
    Result result =
        sum(
            shares.stream().map(CreateLoad::outcome).toList(),
            Duration.ofNanos(System.nanoTime() - start));
    idle.forEach(CreateLoad::close);
    return result;
  }

  private Share oneOf(long due, Queue<KeptConnection> idle) throws IOException {
    KeptConnection connection = idle.poll();
    if (connection == null) {
      connection = new KeptConnection(server.endpoint());
    }
    boolean created = create(connection);
    double millis = (System.nanoTime() - due) / 1e6;
    idle.add(connection);
    return created ? new Share(1, 0, List.of(millis)) : new Share(0, 1, List.of());
  }

  private static void close(KeptConnection connection) {
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Result run(BooleanSupplier another) {
    long start = System.nanoTime();
    Queue<Share> shares = new ConcurrentLinkedQueue<>();
    atOnce(connection -> shares.add(oneClient(connection, another)));
    return sum(shares, Duration.ofNanos(System.nanoTime() - start));
  }

  /** What a client does over its connection. */
  @FunctionalInterface
  private interface Client {
    void run(KeptConnection connection) throws IOException;
  }

  private void atOnce(Client client) {
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        all.add(
            threads.submit(
                () -> {
                  try (KeptConnection connection = new KeptConnection(server.endpoint())) {
                    client.run(connection);
                  }
                  return null;
                }));
      }
    }
    all.forEach(CreateLoad::outcome);
  }

  private static Result sum(Iterable<Share> shares, Duration took) {
    long created = 0;
    long refused = 0;
    Figures millis = new Figures();
    for (Share share : shares) {
      created += share.created();
      refused += share.refused();
      share.millis().forEach(millis::add);
    }
    return new Result(created, refused, took, millis);
  }

  private static <T> T outcome(Future<T> client) {
    try {
      return client.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Share oneClient(KeptConnection connection, BooleanSupplier another) throws IOException {
    List<Double> millis = new ArrayList<>();
    long refused = 0;
    while (another.getAsBoolean()) {
      long before = System.nanoTime();
      if (create(connection)) {
        millis.add((System.nanoTime() - before) / 1e6);
      } else {
        refused++;
      }
    }
    return new Share(millis.size(), refused, millis);
  }

  /** False if the server was not available, and created nothing. */
  private boolean create(KeptConnection connection) throws IOException {
    KeptConnection.Answer answer = connection.send(requests.create());
    if (answer.status() == UNAVAILABLE) {
      return false;
    }
    Matcher group = GROUP.matcher(answer.body());
    if (answer.status() != DONE || !group.find()) {
      throw new IllegalStateException(answer.status() + ": " + answer.body());
    }
    living.add(group.group(1));
    return true;
  }

  private void deleteOldest(KeptConnection connection) throws IOException {
    String group = living.poll();
    if (group == null) {
      return;
    }
    KeptConnection.Answer answer;
    do {
      answer = connection.send(requests.delete(group));
    } while (answer.status() == UNAVAILABLE);
    if (answer.status() != DONE) {
      throw new IllegalStateException(answer.status() + ": " + answer.body());
    }
  }
}
