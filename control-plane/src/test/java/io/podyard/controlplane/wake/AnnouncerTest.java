package io.podyard.controlplane.wake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Processes that tell one another through a real PostgreSQL. */
class AnnouncerTest {

  private TestDatabase database;
  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
    database.close();
  }

  @Test
  void allOthersHearIt() {
    Announcer announcer = announcer("speaker");
    Ear first = ear("first");
    Ear second = ear("second");
    announcer.tell(Channel.ATTENTION, "3");
    announcer.tell(Channel.ATTENTION, "5");
    announcer.tell(Channel.CAPACITY, "more");
    for (Ear ear : List.of(first, second)) {
      Waiting.until("the words", () -> ear.attention.containsAll(Set.of("3", "5")));
      Waiting.until("the other word", () -> ear.capacity.contains("more"));
      assertThat(ear.attention).containsExactlyInAnyOrder("3", "5");
      assertThat(ear.capacity).containsExactly("more");
    }
  }

  @Test
  void nobodyHearsItself() {
    Announcer own = announcer("own");
    Announcer other = announcer("other");
    Ear ear = ear("ear", own);
    Ear witness = ear("witness");
    own.tell(Channel.ATTENTION, "1");
    Waiting.until("the own word", () -> witness.attention.contains("1"));
    other.tell(Channel.ATTENTION, "2");
    Waiting.until("the word of the other", () -> ear.attention.contains("2"));
    assertThat(ear.attention).containsExactly("2");
  }

  @Test
  void aLostConnectionIsMadeAgainAndThenAnythingMayHaveBeenSaid() {
    Announcer announcer = announcer("speaker");
    Ear ear = ear("ear");
    for (int i = 1; i <= 3; i++) {
      int before = ear.anything.get();
      end("ear");
      Waiting.until("a connection", () -> ear.anything.get() > before);
      String word = "after-" + i;
      announcer.tell(Channel.ATTENTION, word);
      Waiting.until("a word", () -> ear.attention.contains(word));
    }
  }

  @Test
  void anAnnouncerThatLostItsConnectionSpeaksAgain() {
    Announcer announcer = announcer("speaker");
    Ear ear = ear("ear");
    announcer.tell(Channel.ATTENTION, "before");
    Waiting.until("a word", () -> ear.attention.contains("before"));
    end("speaker");
    // What is told first may get lost, which the tables make good.
    Waiting.until(
        "a word afterwards",
        () -> {
          announcer.tell(Channel.ATTENTION, "after");
          return ear.attention.contains("after");
        });
  }

  @Test
  void itSpeaksAtMostOnceInTwentyMillisecondsOnEachChannelAndLeavesNothingOut() throws Exception {
    Announcer announcer = announcer("speaker");
    Set<String> told = new HashSet<>();
    Set<String> heard = new HashSet<>();
    try (Connection connection = source("raw").getConnection()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("listen " + Channel.ATTENTION.wireName());
      }
      PGConnection session = connection.unwrap(PGConnection.class);
      AtomicInteger notifications = new AtomicInteger();
      long start = System.nanoTime();
      while (System.nanoTime() - start < Duration.ofSeconds(1).toNanos()) {
        String word = Integer.toString(told.size());
        told.add(word);
        announcer.tell(Channel.ATTENTION, word);
        Thread.onSpinWait();
        if (told.size() % 50 == 0) {
          listen(session, notifications, heard);
        }
      }
      Waiting.until(
          "all words",
          () -> {
            listen(session, notifications, heard);
            return heard.containsAll(told) || heard.contains("");
          });
      long ticks = (System.nanoTime() - start) / Announcer.SHORTEST_PAUSE.toNanos();
      assertThat(notifications.get()).isBetween(2, (int) ticks + 1);
      assertThat(told.size()).isGreaterThan(notifications.get());
    }
  }

  @Test
  void tooManyWordsForOneTextAreToldAsAnything() {
    Announcer announcer = announcer("speaker");
    Ear ear = ear("ear");
    int before = ear.anything.get();
    for (int i = 0; i < 3_000; i++) {
      announcer.tell(Channel.ATTENTION, "shard-" + i);
    }
    Waiting.until("anything", () -> ear.anything.get() > before);
  }

  @Test
  void errorsEndNeitherTheSpeakingNorTheHearing() {
    AtomicInteger refused = new AtomicInteger(3);
    Announcer announcer =
        new Announcer(
            new DelegatingDataSource(source("speaker")) {
              @Override
              public Connection getConnection() throws SQLException {
                if (refused.getAndDecrement() > 0) {
                  throw new OutOfMemoryError("on purpose");
                }
                return super.getConnection();
              }
            },
            System::nanoTime);
    opened.add(announcer);
    AtomicInteger deaf = new AtomicInteger(2);
    Listening listening =
        new Listening(
            new DelegatingDataSource(source("ear")) {
              @Override
              public Connection getConnection() throws SQLException {
                if (deaf.getAndDecrement() > 0) {
                  throw new OutOfMemoryError("on purpose");
                }
                return super.getConnection();
              }
            },
            session -> false);
    opened.add(listening);
    Set<String> words = ConcurrentHashMap.newKeySet();
    listening.on(
        Channel.ATTENTION,
        _ -> {
          throw new StackOverflowError("on purpose");
        });
    listening.on(Channel.ATTENTION, words::addAll);
    listening.start();
    for (String word : List.of("1", "2")) {
      Waiting.until(
          "a word",
          () -> {
            announcer.tell(Channel.ATTENTION, word);
            return words.contains(word);
          });
    }
    assertThat(refused).hasValueLessThanOrEqualTo(0);
    assertThat(deaf).hasValueLessThanOrEqualTo(0);
  }

  @Test
  void wordsAreWords() {
    Announcer announcer = announcer("speaker");
    assertThatThrownBy(() -> announcer.tell(Channel.ATTENTION, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> announcer.tell(Channel.ATTENTION, "1,2"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void listen(PGConnection session, AtomicInteger count, Set<String> words) {
    try {
      for (PGNotification one : session.getNotifications(1)) {
        count.incrementAndGet();
        words.addAll(List.of(one.getParameter().split(",")));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private Announcer announcer(String name) {
    Announcer announcer = new Announcer(source(name), System::nanoTime);
    opened.add(announcer);
    return announcer;
  }

  /** Hears what is said from now on. */
  private Ear ear(String name, Announcer... own) {
    Listening listening =
        new Listening(
            source(name), session -> List.of(own).stream().anyMatch(a -> a.speaksThrough(session)));
    opened.add(listening);
    Ear ear = new Ear();
    listening.on(Channel.CAPACITY, ear.capacity::addAll);
    listening.on(
        Channel.ATTENTION,
        words -> {
          ear.attention.addAll(words);
          if (words.isEmpty()) {
            ear.anything.incrementAndGet();
          }
        });
    listening.start();
    Waiting.until("a listener", () -> ear.anything.get() > 0);
    return ear;
  }

  private static final class Ear {
    private final Set<String> attention = ConcurrentHashMap.newKeySet();
    private final Set<String> capacity = ConcurrentHashMap.newKeySet();
    private final AtomicInteger anything = new AtomicInteger();
  }

  private DriverManagerDataSource source(String name) {
    return new DriverManagerDataSource(
        database.url()
            + (database.url().contains("?") ? "&" : "?")
            + "ApplicationName="
            + database.hashCode()
            + name,
        database.userName(),
        database.password());
  }

  /** Ends the session of that name, which is there. */
  private void end(String name) {
    Waiting.until(
        "a session to end",
        () ->
            !database
                .jdbc()
                .queryForList(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where application_name = ?",
                    Boolean.class,
                    database.hashCode() + name)
                .isEmpty());
  }
}
