package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.model.HostId;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Plans what hosts hold, in rounds, and knows which of the hosts that this process drives hold
 * anything: of thousands of hosts few do, and only those need be compared with the tables.
 */
@Component
class HoldingHosts implements SmartLifecycle {

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(HoldingHosts.class);

  private final CopyPlans plans;
  private final CopyStore copies;
  private final ShardLeases leases;
  private final Rounds rounds = new Rounds(log, Loop.IMAGE_CACHES, "image-cache-plans", 2);
  private volatile Set<HostId> hosts = Set.of();

  HoldingHosts(CopyPlans plans, CopyStore copies, ShardLeases leases) {
    this.plans = plans;
    this.copies = copies;
    this.leases = leases;
  }

  /** Whether it held anything a moment ago. */
  boolean isOne(HostId host) {
    return hosts.contains(host);
  }

  private void look() {
    hosts = copies.holders(leases.shards());
    plans.leaveHosts();
    plans.poor().forEach(plans::plan);
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "planning image caches", () -> plans.due().forEach(plans::plan));
    rounds.every(BETWEEN_LOOKS, "looking after image caches", this::look);
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
