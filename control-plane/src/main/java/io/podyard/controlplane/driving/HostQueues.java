package io.podyard.controlplane.driving;

import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.model.HostId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares the places for work among hosts: they take turns, and none gets more than is left for the
 * others. So a host whose calls hang holds up its own groups only. What waits for a host that does
 * not answer is tried one at a time, in places beside the others.
 */
final class HostQueues {

  /** How much is worked on at the same time on hosts that answer. */
  static final int PLACES = 256;

  /** So many silent hosts are tried at the same time. */
  static final int TRIALS = 32;

  /** More than this is not looked for in the tables for a host: it would only wait here. */
  static final int CROWD = 1_000;

  /** Of one host; what else waits there is its own affair. */
  private static final int MOST_IN_BACKLOG = 16;

  private static final Logger log = LoggerFactory.getLogger(HostQueues.class);

  private static final class Queue {
    private final HostId host;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int working;
    private boolean trying;
    private boolean inTurn;

    Queue(HostId host) {
      this.host = host;
    }
  }

  private record Start(Queue queue, Runnable task, boolean trial) {}

  private final HostSilence silence;
  private final Executor workers;
  private final Map<HostId, Queue> queues = new HashMap<>();
  private final Deque<Queue> turns = new ArrayDeque<>();
  private int free = PLACES;
  private int freeTrials = TRIALS;

  HostQueues(HostSilence silence, Executor workers) {
    this.silence = silence;
    this.workers = workers;
  }

  /** Has a task run as soon as its host has a place for it. */
  void add(HostId host, Runnable task) {
    synchronized (this) {
      Queue queue = queues.get(host);
      if (queue == null) {
        queue = new Queue(host);
        queues.put(host, queue);
      }
      queue.waiting.add(task);
      line(queue);
    }
    dispatch();
  }

  /** Hosts for which so much waits that more need not be looked for. */
  synchronized Set<HostId> crowded() {
    return queues.values().stream()
        .filter(queue -> queue.waiting.size() >= CROWD)
        .map(queue -> queue.host)
        .collect(Collectors.toSet());
  }

  /** Whether a task of any of these hosts runs. */
  synchronized boolean workOn(Collection<HostId> hosts) {
    return hosts.stream()
        .map(queues::get)
        .anyMatch(queue -> queue != null && (queue.working > 0 || queue.trying));
  }

  /**
   * How much waits for a place on hosts that answer; of one host not more is counted than its turn
   * would take of {@link #PLACES}, since the others need not wait for it.
   */
  synchronized int backlog() {
    return queues.values().stream()
        .filter(queue -> !silence.isSilent(queue.host))
        .mapToInt(queue -> Math.min(queue.waiting.size(), MOST_IN_BACKLOG))
        .sum();
  }

  /** How many places are taken by nobody. */
  synchronized int free() {
    return free;
  }

  /** Looks whether silent hosts are to be tried or answer again. To be called now and then. */
  void look() {
    List<Start> trials = new ArrayList<>();
    synchronized (this) {
      for (Queue queue : queues.values()) {
        if (!silence.isSilent(queue.host)) {
          line(queue);
        } else if (freeTrials > 0
            && !queue.trying
            && !queue.waiting.isEmpty()
            && silence.isDue(queue.host)) {
          freeTrials--;
          queue.trying = true;
          trials.add(new Start(queue, queue.waiting.removeFirst(), true));
        }
      }
    }
    trials.forEach(this::start);
    dispatch();
  }

  private void line(Queue queue) {
    if (!queue.inTurn && !queue.waiting.isEmpty()) {
      queue.inTurn = true;
      turns.addLast(queue);
    }
  }

  private void dispatch() {
    Start next = next();
    while (next != null && start(next)) {
      next = next();
    }
  }

  private synchronized @Nullable Start next() {
    if (free == 0) {
      return null;
    }
    while (!turns.isEmpty()) {
      Queue queue = turns.removeFirst();
      queue.inTurn = false;
      // One that has its share is in turn again when something of its own is done, a silent one
      // when it answers.
      if (queue.waiting.isEmpty() || queue.working >= share() || silence.isSilent(queue.host)) {
        continue;
      }
      free--;
      queue.working++;
      Runnable task = queue.waiting.removeFirst();
      line(queue);
      return new Start(queue, task, false);
    }
    return null;
  }

  /**
   * What a host may have is as much as is left for the others: alone it has half of the places, and
   * each that comes finds half of what is left, however many calls of those before it hang.
   */
  private int share() {
    return Math.max(1, free);
  }

  /** False if there is no thread for it now. */
  private boolean start(Start start) {
    try {
      workers.execute(
          () -> {
            try {
              start.task().run();
            } finally {
              done(start);
            }
          });
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    } catch (Throwable failure) {
      Mishaps.tell(log, Loop.DRIVE, "no thread for work on host " + start.queue().host, failure);
      synchronized (this) {
        start.queue().waiting.addFirst(start.task());
        giveBack(start);
      }
      return false;
    }
  }

  private void done(Start start) {
    synchronized (this) {
      giveBack(start);
    }
    dispatch();
  }

  private void giveBack(Start start) {
    Queue queue = start.queue();
    if (start.trial()) {
      queue.trying = false;
      freeTrials++;
    } else {
      queue.working--;
      free++;
    }
    if (!queue.waiting.isEmpty()) {
      line(queue);
    } else if (queue.working == 0 && !queue.trying) {
      queues.remove(queue.host);
    }
  }
}
