package io.podyard.controlplane.faults;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Clients that create and delete groups until they are told to stop, as programs should: every
 * create carries a client token, and a call that was not answered, or with 503 or that it is still
 * under way, is repeated until it is. What they were told is noted.
 */
final class Burst implements AutoCloseable {

  private static final Duration LONGEST_REPEATED = Duration.ofMinutes(4);
  private static final int REPEAT_MILLIS = 100;
  private static final int CREATES_PERCENT = 60;
  private static final int REPLAYS_PERCENT = 5;

  private final PodyardClient client;
  private final String prefix;
  private final Pace pace;
  private final GroupKinds kinds;
  private final Told told;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * How much is asked for.
   *
   * @param clients how many there are
   * @param mostAlive how many groups each of them has at the same time
   * @param longestPauseMillis between two calls of a client; half of it on average
   * @param room whether the next call may be made; without it hosts of real speed fall behind ever
   *     further
   */
  record Pace(int clients, int mostAlive, long longestPauseMillis, BooleanSupplier room) {}

  private Burst(PodyardClient client, String prefix, Pace pace, GroupKinds kinds, Told told) {
    this.client = client;
    this.prefix = prefix;
    this.pace = pace;
    this.kinds = kinds;
    this.told = told;
  }

  /**
   * Starts clients of simulated hosts, in a hurry.
   *
   * @param seed of all they decide
   * @param clients how many there are
   * @param mostAlive how many groups each of them has at the same time
   */
  static Burst start(
      PodyardClient client, String prefix, long seed, int clients, int mostAlive, Told told) {
    return start(
        client,
        prefix,
        seed,
        new Pace(clients, mostAlive, 40, () -> true),
        GroupKinds.simulated(),
        told);
  }

  /**
   * Starts the clients.
   *
   * @param seed of all they decide
   * @param kinds what they ask for
   */
  static Burst start(
      PodyardClient client, String prefix, long seed, Pace pace, GroupKinds kinds, Told told) {
    Burst burst = new Burst(client, prefix, pace, kinds, told);
    for (int i = 0; i < pace.clients(); i++) {
      int number = i;
      burst.threads.add(
          Thread.ofVirtual()
              .name(prefix + "-client-" + number)
              .start(() -> burst.run(number, new SplittableRandom(seed + number))));
    }
    return burst;
  }

  /** Waits until each client has an answer to its last call. */
  @Override
  public void close() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      if (!thread.join(LONGEST_REPEATED.plusMinutes(1))) {
        throw new AssertionError(thread.getName() + " does not end");
      }
    }
  }

  private void run(int number, SplittableRandom random) {
    List<String> tokens = new ArrayList<>();
    List<ContainerGroupId> alive = new ArrayList<>();
    try {
      for (int i = 0; !stopped; i++) {
        int dice = random.nextInt(100);
        if (dice < REPLAYS_PERCENT && !tokens.isEmpty()) {
          String token = tokens.get(random.nextInt(tokens.size()));
          told.created(token, create(token));
        } else if (alive.isEmpty() || (dice < CREATES_PERCENT && alive.size() < pace.mostAlive())) {
          String token = prefix + "-" + number + "-" + i;
          told.asked(token);
          ContainerGroupId id = create(token);
          told.created(token, id);
          tokens.add(token);
          alive.add(id);
        } else {
          delete(alive.remove(random.nextInt(alive.size())), random.nextBoolean());
        }
        do {
          pause(random.nextLong(pace.longestPauseMillis()));
        } while (!stopped && !pace.room().getAsBoolean());
      }
    } catch (RuntimeException | AssertionError failure) {
      told.unexpected(number + ": " + failure);
    }
  }

  private ContainerGroupId create(String token) {
    CreateContainerGroupResponse response =
        repeated(
            Action.CREATE_CONTAINER_GROUP,
            kinds.parameters(token),
            CreateContainerGroupResponse.class);
    return new ContainerGroupId(response.containerGroupId());
  }

  private void delete(ContainerGroupId id, boolean force) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("ContainerGroupId", id.value());
    // With a token, repeating a delete that was made but not confirmed is a success as well.
    parameters.put("ClientToken", "delete-" + id.value());
    if (force) {
      parameters.put("Force", "true");
    }
    told.deleting(id);
    DeleteContainerGroupResponse response =
        repeated(Action.DELETE_CONTAINER_GROUP, parameters, DeleteContainerGroupResponse.class);
    told.deleted(id, response.requestId());
  }

  private <R> R repeated(Action action, Map<String, String> parameters, Class<R> type) {
    long end = System.nanoTime() + LONGEST_REPEATED.toNanos();
    while (true) {
      long asked = System.nanoTime();
      try {
        R answer = client.call(action, parameters, type);
        told.answered(System.nanoTime() - asked);
        return answer;
      } catch (PodyardCallException e) {
        boolean answered = e.httpStatus() != 0;
        if (answered) {
          told.unavailable(System.nanoTime() - asked);
        } else {
          told.unanswered();
        }
        if ((answered && !mayBeRepeated(e)) || System.nanoTime() > end) {
          throw e;
        }
        pause(REPEAT_MILLIS);
      }
    }
  }

  /** It may come right, or another process that has the token has not ended it yet. */
  private static boolean mayBeRepeated(PodyardCallException e) {
    return e.httpStatus() == 503
        || e.errorCode().equals(Optional.of(ErrorCode.LAST_TOKEN_PROCESSING));
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
