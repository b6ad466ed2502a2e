package io.podyard.controlplane.inventory;

import io.podyard.model.HostId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host that takes no new groups, and why.
 *
 * @param unreachableSince since when it does not answer, null if it does
 * @param lostAt when it was given up, null if it was not; it may answer by now
 * @param toBeEmptied whether it is drained and its deadline is over
 */
public record HostTrouble(
    HostId host,
    int shard,
    @Nullable Instant unreachableSince,
    @Nullable Instant lostAt,
    boolean toBeEmptied) {

  public boolean unreachable() {
    return unreachableSince != null;
  }

  public boolean lost() {
    return lostAt != null;
  }
}
