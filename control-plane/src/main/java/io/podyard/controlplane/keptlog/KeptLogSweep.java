package io.podyard.controlplane.keptlog;

import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.settings.PodyardSettings;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes kept logs whose record is over, whether or not their host can still be asked, those that
 * a process that died left half written, and the oldest ones beyond the limit of the installation.
 * Any number of processes may do so at once.
 */
@Component
public class KeptLogSweep implements SmartLifecycle {

  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** No engine takes as long to hand on a log. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private static final Logger log = LoggerFactory.getLogger(KeptLogSweep.class);

  private final KeptLogTables tables;
  private final long mostBytes;
  private final Rounds rounds = new Rounds(log, Loop.FORGET, "kept-log-sweep", 1);

  @Autowired
  KeptLogSweep(JdbcTemplate jdbc, TransactionTemplate jdbcTransaction, PodyardSettings settings) {
    this(new KeptLogTables(jdbc, jdbcTransaction), settings.logs().inAll().toBytes());
  }

  KeptLogSweep(KeptLogTables tables, long mostBytes) {
    this.tables = tables;
    this.mostBytes = mostBytes;
  }

  /** Goes through all of them once. */
  void round() {
    int ended = tables.deleteOfNobody();
    int abandoned = tables.deleteUnfinished(ABANDONED.toSeconds());
    if (ended + abandoned > 0) {
      log.debug("{} logs of ended groups and {} unfinished ones are gone", ended, abandoned);
    }
    if (tables.storedBytes() > mostBytes) {
      int tooMany = tables.deleteBeyond(mostBytes);
      log.warn(
          "{} of the oldest logs of ended containers were deleted: all together may take {} bytes"
              + " (PODYARD_LOGS_IN_ALL)",
          tooMany,
          mostBytes);
    }
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "sweeping kept logs", this::round);
  }

  @Override
  public void stop() {
    rounds.stop();
  }

  @Override
  public boolean isRunning() {
    return rounds.areRunning();
  }
}
