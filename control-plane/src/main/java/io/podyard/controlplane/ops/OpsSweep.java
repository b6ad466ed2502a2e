package io.podyard.controlplane.ops;

import io.podyard.controlplane.settings.OpsSettings;
import io.podyard.controlplane.settings.PodyardSettings;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes results whose time is over, those beyond what all may take, and what processes that died
 * left half written. Any number of processes may do so.
 */
@Component
class OpsSweep {

  /** No host takes as long to hand on a file. */
  private static final Duration ABANDONED = Duration.ofHours(2);

  private static final Logger log = LoggerFactory.getLogger(OpsSweep.class);

  private final OpsFiles files;
  private final OpsSettings settings;

  OpsSweep(OpsFiles files, PodyardSettings settings) {
    this.files = files;
    this.settings = settings.ops();
  }

  @Scheduled(fixedDelay = 5_000, initialDelay = 5_000)
  void run() {
    try {
      int expired = files.expire();
      int abandoned = files.deleteOfNobody(ABANDONED);
      if (expired + abandoned > 0) {
        log.debug("{} results expired and {} unfinished files are gone", expired, abandoned);
      }
      int tooMany = files.deleteBeyond(settings.inAll().toBytes());
      if (tooMany > 0) {
        log.warn(
            "{} results of operations tasks were deleted: all together may take {} bytes"
                + " (PODYARD_OPS_IN_ALL)",
            tooMany,
            settings.inAll().toBytes());
      }
    } catch (DataAccessException e) {
      log.warn("results are swept later: {}", e.getMessage());
    }
  }
}
