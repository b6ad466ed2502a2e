package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.hosttask.DrivenHosts;
import io.podyard.controlplane.hosttask.HostTaskRunner;
import io.podyard.controlplane.hosttask.HostTaskTable;
import io.podyard.controlplane.hosttask.HostTasks;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What hosts hold of image caches, as tasks of hosts; those that are held are looked after too. */
@Configuration(proxyBeanMethods = false)
class ImageCacheCopies implements HostTasks<CacheCopy> {

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

  /** Longer than a host takes to say what it holds. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(ImageCacheCopies.class);

  private final CopyStore copies;
  private final CopyWork work;
  private final HoldingHosts holding;
  private final Clock clock;
  private final int perHost;

  ImageCacheCopies(
      CopyStore copies,
      CopyWork work,
      HoldingHosts holding,
      PodyardSettings settings,
      Clock clock) {
    this.copies = copies;
    this.work = work;
    this.holding = holding;
    this.clock = clock;
    this.perHost = settings.imageCaches().perHost();
  }

  @Bean
  HostTaskRunner<CacheCopy> imageCacheRunner(
      ShardLeases leases, DrivenHosts hosts, Runtimes runtimes, Inventory inventory) {
    return new HostTaskRunner<>(this, leases, hosts, runtimes, inventory);
  }

  @Override
  public Loop loop() {
    return Loop.IMAGE_CACHES;
  }

  @Override
  public String doing() {
    return "holding images";
  }

  @Override
  public String kept() {
    return "held images";
  }

  @Override
  public int atOnce() {
    return perHost;
  }

  @Override
  public Duration betweenTries() {
    return BETWEEN_TRIES;
  }

  @Override
  public List<CacheCopy> toDo(Set<Integer> shards, int resting) {
    return copies.toDo(shards, perHost + resting);
  }

  @Override
  public boolean carryOut(CacheCopy copy, Fence fence) throws InterruptedException {
    return work.carryOut(copy, fence);
  }

  @Override
  public HostTaskTable table() {
    return copies.table();
  }

  @Override
  public Set<String> found(GroupRuntime runtime, InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    Instant before = clock.instant().minus(LOOK);
    Set<String> keys = runtime.held(installation, host);
    if (holding.isOne(host)) {
      int missing = copies.missing(host, keys, before);
      if (missing > 0) {
        log.warn(
            "host {} lost {} image caches that it held; they are fetched again", host, missing);
      }
    }
    Set<String> found = new HashSet<>();
    keys.forEach(key -> found.add(ImageCacheIds.copy(key, host.value())));
    return found;
  }

  @Override
  public void remove(
      GroupRuntime runtime, InstallationId installation, HostId host, String copy, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    runtime.release(installation, host, ImageCacheIds.keyOf(copy), fence);
  }
}
