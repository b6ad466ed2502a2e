package io.podyard.controlplane.quota;

import io.podyard.model.MilliCpu;
import io.podyard.model.RegionId;
import java.math.BigDecimal;
import java.util.Optional;

/** What is left of an account's quotas for groups in a region, as one transaction goes on. */
public final class QuotaRoom {

  private final RegionId region;
  private final long maxCpu;
  private final long maxGroups;
  private long usedMilliCpu;
  private long usedGroups;

  QuotaRoom(RegionId region, long maxCpu, long maxGroups, long usedMilliCpu, long usedGroups) {
    this.region = region;
    this.maxCpu = maxCpu;
    this.maxGroups = maxGroups;
    this.usedMilliCpu = usedMilliCpu;
    this.usedGroups = usedGroups;
  }

  /** Takes room for one more group, or says why there is none; then nothing is taken. */
  public Optional<BeyondQuota> takeGroup(MilliCpu cpu) {
    return takeGroups(cpu, 1);
  }

  /**
   * Takes room for so many groups of a size, or says why there is none for all of them; then
   * nothing is taken.
   */
  public Optional<BeyondQuota> takeGroups(MilliCpu each, int groups) {
    long milliCpu = (long) each.value() * groups;
    Optional<BeyondQuota> beyond = beyondGroups(groups).or(() -> beyondCpu(milliCpu));
    if (beyond.isEmpty()) {
      usedMilliCpu += milliCpu;
      usedGroups += groups;
    }
    return beyond;
  }

  /**
   * Takes room for a group that grows, or says why there is none; then nothing is taken.
   *
   * @param milliCpu how much more it will have; 0 or less always is possible
   */
  public Optional<BeyondQuota> grow(int milliCpu) {
    if (milliCpu <= 0) {
      return Optional.empty();
    }
    Optional<BeyondQuota> beyond = beyondCpu(milliCpu);
    if (beyond.isEmpty()) {
      usedMilliCpu += milliCpu;
    }
    return beyond;
  }

  private Optional<BeyondQuota> beyondGroups(int more) {
    return usedGroups + more <= maxGroups
        ? Optional.empty()
        : Optional.of(
            new BeyondQuota(
                QuotaKind.CONTAINER_GROUP,
                region,
                BigDecimal.valueOf(usedGroups),
                BigDecimal.valueOf(more),
                maxGroups));
  }

  private Optional<BeyondQuota> beyondCpu(long milliCpu) {
    return usedMilliCpu + milliCpu <= maxCpu * 1000
        ? Optional.empty()
        : Optional.of(
            new BeyondQuota(QuotaKind.CPU, region, vcpu(usedMilliCpu), vcpu(milliCpu), maxCpu));
  }

  static BigDecimal vcpu(long milliCpu) {
    return BigDecimal.valueOf(milliCpu, 3);
  }
}
