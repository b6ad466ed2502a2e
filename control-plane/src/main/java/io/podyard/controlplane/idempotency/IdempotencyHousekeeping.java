package io.podyard.controlplane.idempotency;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Forgets what no request can refer to any more: nonces older than any accepted timestamp, and
 * client tokens after a day unless what they made still exists. Works in short statements, one
 * after the other as long as there is much to do; every process may do it, and none waits for
 * another.
 */
@Component
class IdempotencyHousekeeping {

  /** Timestamps are accepted 15 minutes either way; the rest is for clocks that differ. */
  private static final Duration NONCES_KEPT = Duration.ofMinutes(40);

  /**
   * How soon a token is looked at again whose group still exists. A token may outlive its group by
   * that long; a million living groups cost some fifty updates a second.
   */
  private static final Duration BETWEEN_LOOKS = Duration.ofHours(6);

  /** Rows of one statement, some tens of milliseconds of work. */
  static final int MOST_AT_ONCE = 5_000;

  /**
   * Statements of one run, so that other housekeeping gets its turn: 16,000 rows a second, over
   * twenty times as fast as requests come at full rate.
   */
  private static final int MOST_STATEMENTS = 100;

  private static final Logger log = LoggerFactory.getLogger(IdempotencyHousekeeping.class);

  private final JdbcTemplate jdbc;
  private final Clock clock;

  IdempotencyHousekeeping(JdbcTemplate jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  @Scheduled(fixedDelay = 30_000, initialDelay = 30_000)
  void run() {
    try {
      repeat(this::forgetNonces);
      repeat(this::lookAtTokens);
    } catch (DataAccessException e) {
      log.warn("tokens and nonces are forgotten later: {}", e.getMessage());
    }
  }

  private static void repeat(IntSupplier step) {
    for (int i = 0; i < MOST_STATEMENTS; i++) {
      if (step.getAsInt() < MOST_AT_ONCE) {
        return;
      }
    }
  }

  private int forgetNonces() {
    return jdbc.update(
        """
        delete from request_nonce where ctid = any(array(
          select ctid from request_nonce where seen_at < ?
          order by seen_at limit %d for update skip locked))
        """
            .formatted(MOST_AT_ONCE),
        at(clock.instant().minus(NONCES_KEPT)));
  }

  /** Forgets tokens that are due, or puts them off; how many it looked at. */
  private int lookAtTokens() {
    Instant now = clock.instant();
    Integer looked =
        jdbc.queryForObject(
            """
            with due as materialized (
                   select ctid as at, resource_id from client_token where forget_at <= ?
                   order by forget_at limit %d for update skip locked),
                 living as materialized (
                   select id from container_group
                   where id = any(array(select resource_id from due))),
                 later as (
                   update client_token set forget_at = ?
                   where ctid = any(array(
                     select at from due where resource_id in (select id from living)))),
                 gone as (
                   delete from client_token
                   where ctid = any(array(
                     select at from due where resource_id not in (select id from living))))
            select count(*) from due
            """
                .formatted(MOST_AT_ONCE),
            Integer.class,
            at(now),
            at(now.plus(BETWEEN_LOOKS)));
    return looked == null ? 0 : looked;
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
