package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.write.MonthlyPartitions;
import io.podyard.model.ContainerGroupId;
import jakarta.annotation.PostConstruct;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends the records of groups that ended by themselves: contract section 5 keeps all for an hour,
 * then the newest hundred of a region, and failed creations for a day. What has been history for
 * long is forgotten. Works in short transactions, one after the other as long as there is much to
 * do; every process may do it, and none waits for another.
 */
@Component
class GroupHousekeeping {

  /** Records of one transaction, well within its time. */
  static final int MOST_AT_ONCE = 1_000;

  /**
   * Transactions of one run for each kind of work, so that other housekeeping gets its turn: 5,000
   * records a second, several times as fast as groups are created at full rate.
   */
  private static final int MOST_TRANSACTIONS = 50;

  private static final Duration SCHEDULE_FAILED_KEPT = Duration.ofHours(24);

  private static final Logger log = LoggerFactory.getLogger(GroupHousekeeping.class);

  private final JdbcTemplate jdbc;
  private final MonthlyPartitions partitions;
  private final HistoryForgetting forgetting;
  private final TransactionTemplate transaction;
  private final PodyardSettings settings;
  private final Clock clock;

  GroupHousekeeping(
      JdbcTemplate jdbc, TransactionTemplate transaction, PodyardSettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.partitions =
        new MonthlyPartitions(jdbc, transaction, "container_group_history", "ended_at");
    this.forgetting =
        new HistoryForgetting(jdbc, transaction, partitions, settings.historyMonths());
    this.transaction = transaction;
    this.settings = settings;
    this.clock = clock;
  }

  @Scheduled(fixedDelay = 10_000, initialDelay = 2_000)
  void run() {
    try {
      endRecords();
    } catch (DataAccessException | TransactionException e) {
      log.warn("records are ended later: {}", e.getMessage());
    }
    try {
      makeMonths();
    } catch (DataAccessException | TransactionException e) {
      log.warn("a part of the history is made later: {}", e.getMessage());
    }
    try {
      forgetting.run(present(), MOST_TRANSACTIONS);
    } catch (DataAccessException | TransactionException e) {
      log.warn("a part of the history is forgotten later: {}", e.getMessage());
    }
  }

  /**
   * This month and the next have a place in the history before anything is written to it: what is
   * on its way to the default place while a month is made is refused by the database.
   */
  @PostConstruct
  void makeMonths() {
    YearMonth month = present();
    partitions.ensure(month);
    partitions.ensure(month.plusMonths(1));
  }

  private YearMonth present() {
    return YearMonth.now(clock.withZone(ZoneOffset.UTC));
  }

  /** How many records it ended. */
  int endRecords() {
    return repeat(this::surplus) + repeat(this::neverPlaced);
  }

  /** Ends the records that a query finds and locks, until it finds no more than a few. */
  private int repeat(Supplier<List<ContainerGroupId>> over) {
    int ended = 0;
    for (int i = 0; i < MOST_TRANSACTIONS; i++) {
      Integer now =
          transaction.execute(
              status -> {
                List<ContainerGroupId> groups = over.get();
                GroupHistory.move(jdbc, groups);
                return groups.size();
              });
      ended += now == null ? 0 : now;
      if (now == null || now < MOST_AT_ONCE) {
        break;
      }
    }
    return ended;
  }

  /**
   * Of each account and region what is older than its newest records and than an hour, oldest
   * first. Goes from place to place through the index, so what stays is not read again and again.
   */
  private List<ContainerGroupId> surplus() {
    return jdbc.query(
        """
        with recursive place (account_id, region) as (
          (select account_id, region from container_group
           where final_at is not null and status <> 'ScheduleFailed'
           order by account_id, region limit 1)
          union all
          select next.account_id, next.region
          from place p cross join lateral (
            select account_id, region from container_group g
            where final_at is not null and status <> 'ScheduleFailed'
              and (g.account_id, g.region) > (p.account_id, p.region)
            order by account_id, region limit 1) next)
        select ended.id
        from place p cross join lateral (
          select final_at, id from container_group
          where final_at is not null and status <> 'ScheduleFailed'
            and account_id = p.account_id and region = p.region
          order by final_at desc, id desc offset %d limit 1) newest
        cross join lateral (
          select id from container_group
          where final_at is not null and status <> 'ScheduleFailed'
            and account_id = p.account_id and region = p.region
            and (final_at, id) <= (newest.final_at, newest.id) and final_at < ?
            and (host_id is null or released_at is not null)
          order by final_at, id limit %d for no key update skip locked) ended
        limit %d
        """
            .formatted(settings.finalRecordsPerRegion(), MOST_AT_ONCE, MOST_AT_ONCE),
        GroupHousekeeping::id,
        before(settings.finalRecordsKept()));
  }

  private List<ContainerGroupId> neverPlaced() {
    return jdbc.query(
        """
        select id from container_group
        where final_at is not null and status = 'ScheduleFailed' and final_at < ?
          and (host_id is null or released_at is not null)
        order by final_at limit %d for no key update skip locked
        """
            .formatted(MOST_AT_ONCE),
        GroupHousekeeping::id,
        before(SCHEDULE_FAILED_KEPT));
  }

  private static ContainerGroupId id(ResultSet row, int number) throws SQLException {
    return new ContainerGroupId(row.getString(1));
  }

  private OffsetDateTime before(Duration ago) {
    return clock.instant().minus(ago).atOffset(ZoneOffset.UTC);
  }
}
