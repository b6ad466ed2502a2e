package io.podyard.controlplane.faults;

import io.podyard.api.PodyardClient;
import io.podyard.model.ContainerGroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Clients that create and delete groups until they are told to stop, and are patient. What they
 * were told is noted.
 */
final class Burst implements AutoCloseable {

  private static final int CREATES_PERCENT = 60;
  private static final int REPLAYS_PERCENT = 5;

  private final PatientClient client;
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
    this.client = new PatientClient(() -> client, told);
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
      if (!thread.join(PatientClient.LONGEST_REPEATED.plusMinutes(1))) {
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
          told.created(token, client.create(kinds.parameters(token)));
        } else if (alive.isEmpty() || (dice < CREATES_PERCENT && alive.size() < pace.mostAlive())) {
          String token = prefix + "-" + number + "-" + i;
          told.asked(token);
          ContainerGroupId id = client.create(kinds.parameters(token));
          told.created(token, id);
          tokens.add(token);
          alive.add(id);
        } else {
          int which = random.nextInt(alive.size());
          if (client.delete(alive.get(which), random.nextBoolean())) {
            alive.remove(which);
          }
        }
        do {
          pause(random.nextLong(pace.longestPauseMillis()));
        } while (!stopped && !pace.room().getAsBoolean());
      }
    } catch (RuntimeException | AssertionError failure) {
      told.unexpected(number + ": " + failure);
    }
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
