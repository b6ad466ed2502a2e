package io.podyard.controlplane.exec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets sessions that nobody opened, and old records. Any number of processes may do so. */
@Component
class ExecSweep {

  private static final int MOST_AT_ONCE = 1000;
  private static final int MOST_STATEMENTS = 50;
  private static final Logger log = LoggerFactory.getLogger(ExecSweep.class);

  private final ExecRecords records;

  ExecSweep(ExecRecords records) {
    this.records = records;
  }

  @Scheduled(fixedDelay = 20_000, initialDelay = 20_000)
  void run() {
    try {
      for (int i = 0; i < MOST_STATEMENTS && records.forget(MOST_AT_ONCE) >= MOST_AT_ONCE; i++) {
        log.debug("more sessions are to be forgotten");
      }
    } catch (DataAccessException e) {
      log.warn("sessions are forgotten later: {}", e.getMessage());
    }
  }
}
