package io.podyard.controlplane.wake;

import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what other processes tell through the database, on a connection of its own. A lost
 * connection is made again; what was said meanwhile is not known, so everybody is called then as if
 * everything had been said.
 */
public final class Listening implements AutoCloseable {

  /** How soon it sees that it is to end. */
  private static final int LOOK_MILLIS = 250;

  /** After so much silence it asks whether the database is still there. */
  private static final int LOOKS_WITHOUT_A_WORD = 20;

  private static final int LONGEST_ANSWER_SECONDS = 2;

  private static final Logger log = LoggerFactory.getLogger(Listening.class);

  private final DataSource connections;
  private final IntPredicate own;
  private final Map<Channel, List<Consumer<Set<String>>>> listeners = new EnumMap<>(Channel.class);
  private final Pauses pauses = new Pauses();
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param connections not the common pool: one stays open
   * @param own whether a session of the database is one that this process itself speaks through;
   *     what it says is not heard
   */
  public Listening(DataSource connections, IntPredicate own) {
    this.connections = connections;
    this.own = own;
    for (Channel channel : Channel.values()) {
      listeners.put(channel, new CopyOnWriteArrayList<>());
    }
    this.thread = Thread.ofPlatform().name("listening").daemon().unstarted(this::run);
  }

  /**
   * @param listener called with the words that were said; with none if anything may have been said.
   *     It should return quickly.
   */
  public void on(Channel channel, Consumer<Set<String>> listener) {
    listenersOf(channel).add(listener);
  }

  public void start() {
    thread.start();
  }

  private List<Consumer<Set<String>>> listenersOf(Channel channel) {
    return listeners.computeIfAbsent(channel, _ -> new CopyOnWriteArrayList<>());
  }

  private void run() {
    while (!closed) {
      try (Connection open = connections.getConnection()) {
        listen(open);
      } catch (SQLException e) {
        log.debug("nothing is heard of others for now: {}", e.getMessage());
      } catch (Throwable failure) {
        Mishaps.tell(log, Loop.LISTEN, "nothing is heard of others for now", failure);
      }
      if (!closed) {
        try {
          Thread.sleep(pauses.next());
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  private void listen(Connection open) throws SQLException {
    try (Statement statement = open.createStatement()) {
      for (Channel channel : Channel.values()) {
        boolean _ = statement.execute("listen " + channel.wireName());
      }
    }
    for (Channel channel : Channel.values()) {
      call(channel, Set.of());
    }
    pauses.reset();
    PGConnection session = open.unwrap(PGConnection.class);
    int silent = 0;
    while (!closed) {
      PGNotification[] heard = session.getNotifications(LOOK_MILLIS);
      if (heard != null && heard.length > 0) {
        hear(heard);
        silent = 0;
      } else if (++silent >= LOOKS_WITHOUT_A_WORD) {
        if (!open.isValid(LONGEST_ANSWER_SECONDS)) {
          throw new SQLException("the database is silent");
        }
        silent = 0;
      }
    }
  }

  private void hear(PGNotification[] heard) {
    for (Channel channel : Channel.values()) {
      Words words = new Words();
      for (PGNotification notification : heard) {
        if (notification.getName().equals(channel.wireName()) && !own.test(notification.getPID())) {
          words.add(notification.getParameter());
        }
      }
      Set<String> said = words.said();
      if (said != null) {
        call(channel, said);
      }
    }
  }

  private void call(Channel channel, Set<String> words) {
    for (Consumer<Set<String>> listener : listenersOf(channel)) {
      try {
        listener.accept(words);
      } catch (Throwable failure) {
        // One that fails must not keep the others from hearing it.
        Mishaps.tell(log, Loop.LISTEN, "what was heard on " + channel + " was of no use", failure);
      }
    }
  }

  /** All that was said on one channel. */
  private static final class Words {

    private final Set<String> words = new HashSet<>();
    private boolean any;
    private boolean all;

    void add(String text) {
      any = true;
      all |= text.isEmpty();
      words.addAll(List.of(text.split(",")));
    }

    /** Null if nothing was said, none if it may be anything. */
    @Nullable Set<String> said() {
      if (!any) {
        return null;
      }
      return all ? Set.of() : Set.copyOf(words);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      boolean _ = thread.join(Duration.ofMillis(4L * LOOK_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
