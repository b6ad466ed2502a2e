package io.podyard.controlplane.inventory;

import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** How many hosts take no new groups, and why, as the tables said a moment ago; for metrics. */
@Component
public class HostCensus {

  /**
   * How many hosts there are of a kind.
   *
   * @param alarming unreachable ones that vanished together with too many others
   */
  public record Counts(int unreachable, int draining, int lost, int alarming) {

    static final Counts NONE = new Counts(0, 0, 0, 0);
  }

  private static final Logger log = LoggerFactory.getLogger(HostCensus.class);

  private final JdbcTemplate jdbc;
  private volatile Counts counts = Counts.NONE;

  public HostCensus(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  public Counts counts() {
    return counts;
  }

  /** Counts anew. */
  @Scheduled(fixedDelay = 1_000)
  void count() {
    try {
      Counts before = counts;
      counts =
          Objects.requireNonNull(
              jdbc.queryForObject(
                  """
                  select count(*) filter (where state = 'UNREACHABLE'),
                         count(*) filter (where draining_since is not null),
                         count(*) filter (where state = 'LOST'), count(alarmed_at)
                  from host where state <> 'READY'
                  """,
                  (row, n) ->
                      new Counts(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4))));
      if (before.alarming() > 0 && counts.alarming() == 0) {
        log.info("the hosts that vanished together answer again or were declared lost");
      }
    } catch (DataAccessException e) {
      log.debug("hosts are counted later: {}", e.getMessage());
    }
  }
}
