package io.podyard.scheduler;

import io.podyard.model.HostId;

/** A host as it was put; what is reserved since then is in its {@link HostRows row} only. */
final class KnownHost {

  final HostId id;
  final RegionHosts region;
  HostSnapshot asPut;
  int row;

  /** The {@link PlacementIndex#version()} of the last put. */
  long putAt;

  KnownHost(RegionHosts region, HostSnapshot asPut) {
    this.id = asPut.id();
    this.region = region;
    this.asPut = asPut;
  }
}
