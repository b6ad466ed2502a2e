package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.containergroup.GroupTransition;
import io.podyard.controlplane.inventory.HostTrouble;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.sighting.Sightings;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Ends the groups of lost hosts. What is to be done is found in the tables, so whoever drives the
 * shard does what another one left undone. A host that answers meanwhile is lost all the same.
 */
final class LostHosts {

  /** Read and written together: as many as one batch of the writer takes. */
  static final int MOST_AT_ONCE = 100;

  private static final Logger log = LoggerFactory.getLogger(LostHosts.class);

  private final GroupStore groups;
  private final ShardLeases leases;
  private final Runtimes runtimes;
  private final InstallationId installation;
  private final CapacityReturned capacityReturned;
  private final Sightings sightings;
  private final HostSilence silence;
  private final KnownTroubles troubles;
  private final Consumer<List<Runnable>> sideBySide;
  private final Clock clock;

  /**
   * @param sideBySide does all of it before it returns
   */
  LostHosts(
      GroupStore groups,
      ShardLeases leases,
      Runtimes runtimes,
      InstallationId installation,
      CapacityReturned capacityReturned,
      Sightings sightings,
      HostSilence silence,
      KnownTroubles troubles,
      Consumer<List<Runnable>> sideBySide,
      Clock clock) {
    this.groups = groups;
    this.leases = leases;
    this.runtimes = runtimes;
    this.installation = installation;
    this.capacityReturned = capacityReturned;
    this.sightings = sightings;
    this.silence = silence;
    this.troubles = troubles;
    this.sideBySide = sideBySide;
    this.clock = clock;
  }

  /** Ends what it finds; what does not work out is found again in the next round. */
  void round() {
    for (HostTrouble trouble : troubles.lost()) {
      int ended = 0;
      int now = -1;
      while (now != 0) {
        ShardLease lease = leases.held(trouble.shard()).orElse(null);
        now = lease == null ? 0 : endSome(trouble.host(), lease);
        ended += now;
      }
      if (ended > 0) {
        log.warn("{} groups of the lost host {} have ended", ended, trouble.host());
        // What still waits to be done for these groups comes to its end at once.
        silence.forget(trouble.host());
        capacityReturned.toHosts();
      }
    }
  }

  private int endSome(HostId host, ShardLease lease) {
    List<GroupRecord> records = groups.leftOnLost(host, MOST_AT_ONCE);
    AtomicInteger ended = new AtomicInteger();
    // So that the writer takes them together.
    sideBySide.accept(
        records.stream()
            .<Runnable>map(
                record ->
                    () -> {
                      if (end(record, lease)) {
                        ended.incrementAndGet();
                      }
                    })
            .toList());
    return ended.get();
  }

  private boolean end(GroupRecord record, ShardLease lease) {
    try (LogScope _ = LogScope.ofGroup(record.id())) {
      GroupTransition loss =
          GroupLoss.of(
              record,
              lease.epoch(),
              sightings.lastSeen(record.id(), lease.shard(), lease.epoch()),
              clock.instant());
      if (!groups.write(loss)) {
        return false;
      }
      sightings.over(record.id());
      HostId host = record.host();
      if (host != null) {
        runtimes.of(host).abandon(installation, host, record.id());
      }
      return true;
    } catch (NotWrittenException | DataAccessException e) {
      log.warn("group {} of a lost host ends later: {}", record.id(), e.getMessage());
      return false;
    } catch (RuntimeUnavailableException e) {
      return true; // no runtime of this process knows the host, so none remembers the group
    } catch (Throwable failure) {
      Mishaps.tell(log, Loop.DRIVE, "group " + record.id() + " of a lost host stays", failure);
      return false;
    }
  }
}
