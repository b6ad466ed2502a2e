package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.ContainerGroupId;
import jakarta.annotation.PostConstruct;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends the records of groups that ended by themselves: contract section 5 keeps all for an hour,
 * then the newest hundred of a region, and failed creations for a day. Every process may do it.
 */
@Component
class GroupHousekeeping {

  private static final int MOST_AT_ONCE = 500;
  private static final int SCHEDULE_FAILED_HOURS = 24;

  private static final Logger log = LoggerFactory.getLogger(GroupHousekeeping.class);

  private final JdbcTemplate jdbc;
  private final HistoryPartitions partitions;
  private final TransactionTemplate transaction;
  private final PodyardSettings settings;
  private final Clock clock;

  GroupHousekeeping(
      JdbcTemplate jdbc, TransactionTemplate transaction, PodyardSettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.partitions = new HistoryPartitions(jdbc, transaction);
    this.transaction = transaction;
    this.settings = settings;
    this.clock = clock;
  }

  @Scheduled(fixedDelay = 10_000, initialDelay = 2_000)
  void run() {
    try {
      endRecords();
    } catch (DataAccessException e) {
      log.warn("records are ended later: {}", e.getMessage());
    }
    try {
      makeMonths();
    } catch (DataAccessException e) {
      log.warn("a part of the history is made later: {}", e.getMessage());
    }
  }

  /**
   * This month and the next have a place in the history before anything is written to it: what is
   * on its way to the default place while a month is made is refused by the database.
   */
  @PostConstruct
  void makeMonths() {
    YearMonth month = YearMonth.now(clock.withZone(ZoneOffset.UTC));
    partitions.ensure(month);
    partitions.ensure(month.plusMonths(1));
  }

  /** How many records it ended. */
  int endRecords() {
    Integer ended =
        transaction.execute(
            status -> {
              List<ContainerGroupId> over = over();
              GroupHistory.move(jdbc, over);
              return over.size();
            });
    return ended == null ? 0 : ended;
  }

  private List<ContainerGroupId> over() {
    return jdbc.query(
        """
        select g.id from container_group g
        where g.id in (
            select id from (
              select id, status, final_at, host_id, released_at,
                     row_number() over (partition by account_id, region, status = 'ScheduleFailed'
                                        order by final_at desc) as rank
              from container_group where final_at is not null) ended
            where (host_id is null or released_at is not null)
              and ((status = 'ScheduleFailed' and final_at < now() - make_interval(hours => ?))
                   or (status <> 'ScheduleFailed' and rank > ?
                       and final_at < now() - make_interval(secs => ?)))
            limit ?)
        order by g.id for no key update skip locked
        """,
        (row, n) -> new ContainerGroupId(row.getString(1)),
        SCHEDULE_FAILED_HOURS,
        settings.finalRecordsPerRegion(),
        (double) settings.finalRecordsKept().toSeconds(),
        MOST_AT_ONCE);
  }
}
