package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.mishap.Ending;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.write.CommitPoints;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A server ends while its rounds are in the middle of their statements. */
class EndOfServerTest {

  private static final Logger LOG =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  /**
   * The rounds that read a table stand still in it when the end begins, and go on as soon as the
   * server waits for one.
   */
  @ParameterizedTest
  @ValueSource(strings = {"group_remains", "container_group", "ops_task"})
  void roundsThatAskTheDatabaseAreWaitedForAndNobodyIsWarned(String table) throws Exception {
    Warnings warnings = new Warnings();
    try (SimulatedProcess hosts = SimulatedProcess.start("end", 2, "16vCPU/64GiB");
        TestDatabase database = TestDatabase.create()) {
      Plane plane =
          Plane.start(
              new Plane.Database(database.url(), database.userName(), database.password()),
              hosts,
              CommitPoints.NONE,
              Map.of());
      Thread end = Thread.ofPlatform().name("end-of-server").unstarted(plane::close);
      try (Connection connection = database.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        runSomething(plane, database);
        connection.setAutoCommit(false);
        statement.execute("lock table " + table + " in access exclusive mode");
        Waiting.until("a round that waits for " + table, () -> waiting(database) > 0);
        warnings.listen();
        end.start();
        Waiting.until("an end that waits", () -> !end.isAlive() || isWaitedFor(end));
        connection.rollback();
      } finally {
        if (end.getState() == Thread.State.NEW) {
          plane.close();
        }
        end.join();
        warnings.stop();
      }
      assertThat(warnings.heard).isEmpty();
      Waiting.until("no session to be left", () -> sessions(database).isEmpty());
    }
  }

  private static List<String> sessions(TestDatabase database) {
    return database
        .jdbc()
        .queryForList(
            """
            select application_name || ': ' || query from pg_stat_activity
            where datname = current_database() and application_name like 'podyard%'
            """,
            String.class);
  }

  private static void runSomething(Plane plane, TestDatabase database) {
    CreateContainerGroupResponse made =
        plane
            .client()
            .call(
                Action.CREATE_CONTAINER_GROUP,
                Map.of(
                    "ContainerGroupName", "end",
                    "Container.1.Name", "app",
                    "Container.1.Image", "podyard/app:1"),
                CreateContainerGroupResponse.class);
    Waiting.until(
        "a running group",
        () ->
            database
                .jdbc()
                .queryForList(
                    "select status from container_group where id = ?",
                    String.class,
                    made.containerGroupId())
                .contains("Running"));
  }

  private static int waiting(TestDatabase database) {
    Integer waiting =
        database
            .jdbc()
            .queryForObject(
                """
                select count(*) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                """,
                Integer.class);
    return waiting == null ? 0 : waiting;
  }

  private static boolean isWaitedFor(Thread end) {
    return Stream.of(end.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(Ending.class.getName()));
  }

  /** All that is logged for somebody to look at. */
  private static final class Warnings extends AppenderBase<ILoggingEvent> {

    private final List<String> heard = new CopyOnWriteArrayList<>();

    void listen() {
      setContext(LOG.getLoggerContext());
      start();
      LOG.addAppender(this);
    }

    @Override
    public void stop() {
      LOG.detachAppender(this);
      super.stop();
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
        heard.add(event.getLoggerName() + ": " + event.getFormattedMessage());
      }
    }
  }
}
