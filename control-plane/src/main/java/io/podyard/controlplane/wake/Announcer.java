package io.podyard.controlplane.wake;

import io.podyard.controlplane.mishap.Ending;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other processes what was committed, on a connection of its own: a NOTIFY inside the
 * transaction of the work would have such transactions commit one after the other. Words that come
 * in quick succession go out together, at most once in {@link #SHORTEST_PAUSE} for each channel.
 *
 * <p>Nothing is promised. What cannot be sent is dropped: the tables are the truth, and whoever
 * listens also looks at them from time to time.
 */
public final class Announcer implements AutoCloseable {

  static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);

  /** PostgreSQL takes 8000 bytes. More than this is not told word by word. */
  private static final int LONGEST_TEXT = 4_000;

  private static final Logger log = LoggerFactory.getLogger(Announcer.class);

  private final DataSource connections;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final Map<Channel, Set<String>> waiting = new EnumMap<>(Channel.class);
  private final Map<Channel, Long> sentAt = new EnumMap<>(Channel.class);
  private final Pauses pauses = new Pauses();
  private final Thread thread;
  private boolean closed;
  private volatile int backend;
  private @Nullable Connection connection;

  /**
   * @param connections not the common pool: one stays open
   */
  public Announcer(DataSource connections, LongSupplier nanoTime) {
    this.connections = connections;
    this.nanoTime = nanoTime;
    this.thread = Thread.ofPlatform().name("announcer").daemon().start(this::run);
  }

  /**
   * Tells the others soon; returns at once. To be called after the commit, not before.
   *
   * @param word not empty and without a comma
   */
  public void tell(Channel channel, String word) {
    if (word.isEmpty() || word.indexOf(',') >= 0) {
      throw new IllegalArgumentException("not a word: " + word);
    }
    lock.lock();
    try {
      waiting.computeIfAbsent(channel, _ -> new LinkedHashSet<>()).add(word);
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a session of the database is the one that this announcer speaks through. */
  public boolean speaksThrough(int session) {
    return session == backend;
  }

  private record Announcement(Channel channel, String text) {}

  private void run() {
    try {
      while (true) {
        try {
          List<Announcement> due = awaitDue();
          if (due.isEmpty()) {
            return;
          }
          send(due);
          continue;
        } catch (SQLException e) {
          log.debug("others were not told: {}", e.getMessage());
        } catch (InterruptedException e) {
          throw e;
        } catch (Throwable failure) {
          Mishaps.tell(log, Loop.ANNOUNCE, "others were not told", failure);
        }
        disconnect();
        Thread.sleep(pauses.next());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  /** Waits until something may be sent; empty when it is over. */
  private List<Announcement> awaitDue() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long now = nanoTime.getAsLong();
        List<Announcement> due = new ArrayList<>();
        long shortest = Long.MAX_VALUE;
        for (Channel channel : Set.copyOf(waiting.keySet())) {
          long left = pauseLeft(channel, now);
          if (left <= 0) {
            due.add(new Announcement(channel, text(waiting.remove(channel))));
            sentAt.put(channel, now);
          } else {
            shortest = Math.min(shortest, left);
          }
        }
        if (!due.isEmpty()) {
          return due;
        }
        if (shortest == Long.MAX_VALUE) {
          something.await();
        } else {
          long _ = something.awaitNanos(shortest);
        }
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private long pauseLeft(Channel channel, long now) {
    Long sent = sentAt.get(channel);
    return sent == null ? 0 : sent + SHORTEST_PAUSE.toNanos() - now;
  }

  private static String text(@Nullable Set<String> words) {
    String text = words == null ? "" : String.join(",", words);
    return text.length() > LONGEST_TEXT ? "" : text;
  }

  private void send(List<Announcement> due) throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = connections.getConnection();
      connection = open;
      backend = open.unwrap(PGConnection.class).getBackendPID();
    }
    for (Announcement announcement : due) {
      try (PreparedStatement statement = open.prepareStatement("select pg_notify(?, ?)")) {
        statement.setString(1, announcement.channel().wireName());
        statement.setString(2, announcement.text());
        boolean _ = statement.execute();
      }
    }
    pauses.reset();
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        log.debug("closing the connection of the announcer: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      something.signal();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    Ending.of(thread);
  }
}
