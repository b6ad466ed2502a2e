package io.podyard.controlplane.idempotency;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Forgets what no request can refer to any more: nonces older than any accepted timestamp, and
 * client tokens after a day unless what they made still exists.
 */
@Component
class IdempotencyHousekeeping {

  /** Timestamps are accepted 15 minutes either way; the rest is for clocks that differ. */
  private static final int NONCE_MINUTES = 40;

  private static final int TOKEN_HOURS = 24;
  private static final int MOST_AT_ONCE = 5_000;

  private static final Logger log = LoggerFactory.getLogger(IdempotencyHousekeeping.class);

  private final JdbcTemplate jdbc;

  IdempotencyHousekeeping(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  @Scheduled(fixedDelay = 30_000, initialDelay = 30_000)
  void run() {
    try {
      jdbc.update(
          """
          delete from request_nonce where (access_key_id, nonce) in (
            select access_key_id, nonce from request_nonce
            where seen_at < now() - make_interval(mins => ?) limit ?)
          """,
          NONCE_MINUTES,
          MOST_AT_ONCE);
      jdbc.update(
          """
          delete from client_token where (account_id, region, action, token) in (
            select account_id, region, action, token from client_token t
            where created_at < now() - make_interval(hours => ?)
              and not exists (select 1 from container_group g where g.id = t.resource_id)
            limit ?)
          """,
          TOKEN_HOURS,
          MOST_AT_ONCE);
    } catch (DataAccessException e) {
      log.warn("tokens and nonces are forgotten later: {}", e.getMessage());
    }
  }
}
