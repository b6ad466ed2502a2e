package io.podyard.controlplane.cache;

import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Plans caches some at a time, each in its turn: where there are more than one round takes, the
 * next one goes on after the last. One that cannot be planned stands in nobody's way.
 */
final class CacheTurns {

  /** Some of the caches that there are to plan, as of {@link CachePlans}. */
  @FunctionalInterface
  interface Page {
    List<String> of(String after, int most);
  }

  private static final Logger log = LoggerFactory.getLogger(CacheTurns.class);

  private final CachePlans plans;
  private final Page page;
  private final int most;
  private final Loop loop;
  private String after = "";

  /**
   * @param most that one round takes
   */
  CacheTurns(CachePlans plans, Page page, int most, Loop loop) {
    this.plans = plans;
    this.page = page;
    this.most = most;
    this.loop = loop;
  }

  /** One round; never two at once. */
  void next() {
    List<String> ids = page.of(after, most);
    after = ids.size() < most ? "" : ids.getLast();
    ids.forEach(this::plan);
  }

  private void plan(String id) {
    try {
      plans.plan(id);
    } catch (TransactionException | DataAccessResourceFailureException e) {
      // Without a database nothing can be done for the others either.
      throw e;
    } catch (TransientDataAccessException e) {
      log.debug("planning {} goes on later: {}", id, e.getMessage());
    } catch (RuntimeException e) {
      Mishaps.tell(log, loop, "planning " + id + " failed", e);
    }
  }
}
