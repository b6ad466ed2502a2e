package io.podyard.scheduler;

import io.podyard.model.PoolId;
import io.podyard.model.ZoneId;

/** All that does not depend on how full a host is: hosts that are alike in it are one class. */
record HostClass(
    PoolId pool,
    ZoneId zone,
    boolean schedulable,
    boolean answering,
    boolean kept,
    boolean near,
    HostKind kind) {

  static HostClass of(HostSnapshot host) {
    return new HostClass(
        host.pool(),
        host.zone(),
        host.schedulable(),
        host.answering(),
        host.kept(),
        host.near(),
        host.kind());
  }

  /** Whether whoever comes may have a place there. */
  boolean isOpen() {
    return schedulable && answering && !kept;
  }
}
