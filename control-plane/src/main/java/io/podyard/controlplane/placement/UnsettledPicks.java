package io.podyard.controlplane.placement;

import io.podyard.model.HostId;
import io.podyard.scheduler.Taken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the picture of hosts has that their rows have not, or may not have: what was picked and is
 * not written yet, and what was written since the last renewal began. Not synchronised: it belongs
 * to whoever holds the picture.
 */
final class UnsettledPicks {

  private final Map<HostId, List<Taken>> unsettled = new HashMap<>();

  /** Written since the renewal began that was the last one: its rows may be older than they are. */
  private final Map<HostId, List<Taken>> written = new HashMap<>();

  /** Hosts that the picture shows otherwise than their rows did. */
  private final Set<HostId> touched = new HashSet<>();

  /** Something is set aside on a host until it is settled. */
  void setAside(HostId host, Taken taken) {
    touched.add(host);
    unsettled.computeIfAbsent(host, any -> new ArrayList<>()).add(taken);
  }

  /** It is written or will not be. */
  void settle(HostId host, Taken taken) {
    unsettled.computeIfPresent(
        host,
        (any, all) -> {
          all.remove(taken);
          return all.isEmpty() ? null : all;
        });
  }

  /** It is written. */
  void written(HostId host, Taken taken) {
    settle(host, taken);
    written.computeIfAbsent(host, any -> new ArrayList<>()).add(taken);
  }

  /** A host is shown otherwise than its row was, so it has to be read again. */
  void touch(HostId host) {
    touched.add(host);
  }

  /** A renewal begins: the hosts whose rows it has to read whether or not they changed. */
  Set<HostId> renew() {
    Set<HostId> doubtful = new HashSet<>(touched);
    touched.clear();
    written.clear();
    return doubtful;
  }

  /** What is set aside on a host and not written. */
  List<Taken> unsettledOn(HostId host) {
    return List.copyOf(unsettled.getOrDefault(host, List.of()));
  }

  /** What may be in its row or not. */
  List<Taken> writtenOn(HostId host) {
    return List.copyOf(written.getOrDefault(host, List.of()));
  }
}
