package io.podyard.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** What the server's own database says of its groups. */
public final class Groups {

  private static final Duration LONGEST_SETTLING = Duration.ofMinutes(15);

  private Groups() {}

  /** Groups that are there and in that status. */
  public static long in(String status, Connection database) throws SQLException {
    return Long.parseLong(
        Database.value(
            database, "select count(*) from container_group where status = '" + status + "'"));
  }

  public static long all(Connection database) throws SQLException {
    return Long.parseLong(Database.value(database, "select count(*) from container_group"));
  }

  /** Waits until those that were deleted are gone, so that so many are left at most. */
  public static void awaitAtMost(long most, Connection database) throws SQLException {
    Waiting.until(
        "deleted groups to be gone",
        LONGEST_SETTLING,
        Duration.ofMillis(500),
        () -> all(database) <= most);
  }

  /** Waits until no group is on its way to Running any more; answers how long that took. */
  public static Duration awaitSettled(Connection database) throws SQLException {
    long start = System.nanoTime();
    Waiting.until(
        "settling",
        LONGEST_SETTLING,
        // A look goes through the table, on the processors of who is measured.
        Duration.ofMillis(500),
        () ->
            Database.value(
                    database,
                    "select not exists (select from container_group where status in ('Scheduling',"
                        + " 'Pending'))")
                .equals("t"));
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
