package io.podyard.controlplane.settlement;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What is left to be settled.
 *
 * @param due hours of accounts that are to be settled
 * @param failing those of them that could not be
 * @param lagSeconds since the end of the last hour before which everything is settled; at least
 *     what has passed of the present hour
 */
public record Backlog(long due, long failing, double lagSeconds) {

  static final Backlog NONE = new Backlog(0, 0, 0);

  static Backlog of(JdbcTemplate jdbc) {
    Backlog backlog =
        jdbc.queryForObject(
            """
            select count(*), count(problem),
                   coalesce(extract(epoch from clock_timestamp() - least(
                     min(hour),
                     (select min(hour) from metered_hour where not listed),
                     (select max(hour) + interval '1 hour' from metered_hour))), 0)
            from account_hour where due
            """,
            (row, n) -> new Backlog(row.getLong(1), row.getLong(2), row.getDouble(3)));
    return backlog == null ? NONE : backlog;
  }
}
