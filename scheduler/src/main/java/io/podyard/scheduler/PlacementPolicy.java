package io.podyard.scheduler;

/**
 * Which of the hosts that have room is the best. A score is a whole number, the lower the better;
 * between equal scores the smallest host id wins, so a decision never depends on the order in which
 * hosts became known.
 */
public enum PlacementPolicy {
  /**
   * The host with the least left over afterwards, which keeps large places free for large requests.
   * The score is the capacity left over (see {@link Capacity}), so the order of hosts does not
   * depend on the request.
   */
  BEST_FIT {
    @Override
    long score(int cpuLeft, int memoryLeft, int cpu, int memory) {
      return Capacity.of(cpuLeft, memoryLeft);
    }
  },

  /**
   * The host that is least full afterwards, which keeps the damage of a lost host small. The score
   * is the share in use of its scarcer dimension, in millionths.
   */
  SPREAD {
    @Override
    long score(int cpuLeft, int memoryLeft, int cpu, int memory) {
      return Math.max(millionthsInUse(cpuLeft, cpu), millionthsInUse(memoryLeft, memory));
    }
  };

  /**
   * The score of a host that has room.
   *
   * @param cpuLeft milli-vCPU free once the request is placed, 0 or more
   * @param memoryLeft MiB free once the request is placed, 0 or more
   * @param cpu milli-vCPU allocatable
   * @param memory MiB allocatable
   */
  abstract long score(int cpuLeft, int memoryLeft, int cpu, int memory);

  private static long millionthsInUse(int left, int all) {
    return all == 0 ? 0 : (all - left) * 1_000_000L / all;
  }
}
