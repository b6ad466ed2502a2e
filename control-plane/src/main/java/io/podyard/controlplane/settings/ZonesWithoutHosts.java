package io.podyard.controlplane.settings;

/** What becomes of groups for a zone of the region that has no host of its own. */
public enum ZonesWithoutHosts {
  /** The region's other hosts take them; the zone is then a name that the client gave. */
  SERVED,
  /** They are refused, with the zones that have hosts. */
  REFUSED
}
