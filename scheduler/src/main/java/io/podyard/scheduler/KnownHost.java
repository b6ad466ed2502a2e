package io.podyard.scheduler;

/** A host as it was put; what is reserved since then is in its {@link HostRows row} only. */
final class KnownHost {

  final RegionHosts region;
  HostSnapshot asPut;
  int row;

  /** The {@link PlacementIndex#version()} of the last put. */
  long putAt;

  KnownHost(RegionHosts region, HostSnapshot asPut) {
    this.region = region;
    this.asPut = asPut;
  }
}
