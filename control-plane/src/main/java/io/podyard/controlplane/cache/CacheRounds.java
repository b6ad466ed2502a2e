package io.podyard.controlplane.cache;

import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.model.HostId;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Plans what hosts hold of caches, in rounds, and knows which of the hosts that this process drives
 * hold anything: of thousands of hosts few do, and only those need be compared with the tables.
 */
public abstract class CacheRounds implements SmartLifecycle {

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
  private static final int MOST_AT_ONCE = 500;

  private static final Logger log = LoggerFactory.getLogger(CacheRounds.class);

  private final CachePlans plans;
  private final CopyTable copies;
  private final ShardLeases leases;
  private final String kept;
  private final Rounds rounds;
  private final CacheTurns due;
  private final CacheTurns poor;
  private volatile Set<HostId> hosts = Set.of();

  /**
   * @param kept what is planned, as in "image caches"
   */
  protected CacheRounds(
      CachePlans plans, CopyTable copies, ShardLeases leases, Loop loop, String kept) {
    this.plans = plans;
    this.copies = copies;
    this.leases = leases;
    this.kept = kept;
    this.rounds = new Rounds(log, loop, loop.tag() + "-plans", 2);
    this.due = new CacheTurns(plans, plans::due, MOST_AT_ONCE, loop);
    this.poor = new CacheTurns(plans, plans::poor, MOST_AT_ONCE, loop);
  }

  /** Whether it held anything a moment ago. */
  boolean holds(HostId host) {
    return hosts.contains(host);
  }

  private void look() {
    hosts = copies.holders(leases.shards());
    plans.leaveHosts();
    poor.next();
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "planning " + kept, due::next);
    rounds.every(BETWEEN_LOOKS, "looking after " + kept, this::look);
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
