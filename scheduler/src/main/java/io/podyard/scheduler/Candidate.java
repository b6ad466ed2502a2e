package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * A host that has room for a request, and why it is as good as it is. For operators: it has the
 * host's name.
 *
 * @param policy that of its pool
 * @param score the lower the better
 * @param parts what the score is the sum of
 * @param gpuDevices the GPUs that are best, the bit of a device's number set for each
 */
public record Candidate(
    HostId host,
    PoolId pool,
    PlacementPolicy policy,
    long score,
    Map<ScorePart, Long> parts,
    long gpuDevices) {

  public Candidate {
    EnumMap<ScorePart, Long> copy = new EnumMap<>(ScorePart.class);
    copy.putAll(parts);
    parts = Collections.unmodifiableMap(copy);
  }
}
