package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;

/** Hosts and requests in few words: sizes in whole vCPU and GiB, zones by their letter. */
final class Hosts {

  static final RegionId HANGZHOU = new RegionId("cn-hangzhou");
  static final RegionId SINGAPORE = new RegionId("ap-southeast-1");

  private Hosts() {}

  static Size size(int vcpu, int gib) {
    return Size.of(vcpu * 1000, gib * 1024);
  }

  static HostId id(String name) {
    return new HostId(name);
  }

  static ZoneId zone(String letter) {
    return new ZoneId("cn-hangzhou-" + letter);
  }

  /** A ready, empty host in zone b of Hangzhou. */
  static HostSnapshot host(String name, int vcpu, int gib) {
    return new HostSnapshot(
        id(name), new PoolId("pool"), HANGZHOU, zone("b"), size(vcpu, gib), Size.ZERO, true);
  }

  static HostSnapshot reserved(HostSnapshot host, int vcpu, int gib) {
    return host.withReserved(size(vcpu, gib));
  }

  static HostSnapshot in(HostSnapshot host, RegionId region, ZoneId zone) {
    return new HostSnapshot(
        host.id(),
        host.pool(),
        region,
        zone,
        host.allocatable(),
        host.reserved(),
        host.schedulable());
  }

  static HostSnapshot notReady(HostSnapshot host) {
    return new HostSnapshot(
        host.id(),
        host.pool(),
        host.region(),
        host.zone(),
        host.allocatable(),
        host.reserved(),
        false);
  }

  static PlacementRequest need(int vcpu, int gib) {
    return PlacementRequest.anywhereIn(HANGZHOU, size(vcpu, gib));
  }

  static PlacementRequest needInZone(String letter, int vcpu, int gib) {
    return PlacementRequest.inZone(HANGZHOU, zone(letter), size(vcpu, gib));
  }

  static PlacementIndex index(HostSnapshot... hosts) {
    return fill(new PlacementIndex(), hosts);
  }

  static PlacementIndex fill(PlacementIndex index, HostSnapshot... hosts) {
    for (HostSnapshot host : hosts) {
      index.put(host);
    }
    return index;
  }
}
