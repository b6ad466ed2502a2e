package io.podyard.controlplane.cache;

import io.podyard.controlplane.hosttask.HostTaskTable;
import io.podyard.controlplane.hosttask.HostTasks;
import io.podyard.controlplane.mishap.Loop;
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

/** What hosts hold of caches, as tasks of hosts; those that are held are looked after too. */
public abstract class CopiesOnHosts implements HostTasks<CacheCopy> {

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

  /** Longer than a host takes to say what it holds. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(CopiesOnHosts.class);

  private final Loop loop;
  private final CopyTable copies;
  private final CacheRounds rounds;
  private final Clock clock;
  private final int perHost;

  protected CopiesOnHosts(
      Loop loop, CopyTable copies, CacheRounds rounds, Clock clock, int perHost) {
    this.loop = loop;
    this.copies = copies;
    this.rounds = rounds;
    this.clock = clock;
    this.perHost = perHost;
  }

  /** The keys of what the host holds. */
  protected abstract Set<String> held(
      GroupRuntime runtime, InstallationId installation, HostId host)
      throws RuntimeUnavailableException;

  /** Lets go of what the host holds by a key. */
  protected abstract void release(
      GroupRuntime runtime, InstallationId installation, HostId host, String key, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  @Override
  public Loop loop() {
    return loop;
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
  public HostTaskTable table() {
    return copies.table();
  }

  @Override
  public Set<String> found(GroupRuntime runtime, InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    Instant before = clock.instant().minus(LOOK);
    Set<String> keys = held(runtime, installation, host);
    if (rounds.holds(host)) {
      int missing = copies.missing(host, keys, before);
      if (missing > 0) {
        log.warn("host {} lost {} {}; they are fetched again", host, missing, kept());
      }
    }
    Set<String> found = new HashSet<>();
    keys.forEach(key -> found.add(CacheCopy.id(key, host.value())));
    return found;
  }

  @Override
  public void remove(
      GroupRuntime runtime, InstallationId installation, HostId host, String copy, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    release(runtime, installation, host, CacheCopy.keyOf(copy), fence);
  }
}
