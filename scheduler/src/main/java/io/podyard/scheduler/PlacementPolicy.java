package io.podyard.scheduler;

import java.util.EnumMap;
import java.util.Map;

/**
 * Which of the hosts that have room is the best. A score is a weighted sum of {@link ScorePart}s, a
 * whole number, the lower the better; between equal scores the smallest host id wins, so a decision
 * never depends on the order in which hosts became known.
 */
public enum PlacementPolicy {
  /**
   * The host with the least left over afterwards, which keeps large places free for large requests.
   * The score is the capacity left over, so the order of hosts does not depend on the request.
   */
  BEST_FIT(Capacity.of(8000, 32 * 1024), true, new Weight(ScorePart.LEFT_OVER, 1, 0)),

  /**
   * The host that is least full afterwards, which keeps the damage of a lost host small. The score
   * is the share in use of its scarcest dimension, in millionths.
   */
  SPREAD(100_000, false, new Weight(ScorePart.IN_USE, 1, 0)),

  /**
   * The host where least becomes useless for what is typically asked for ({@link
   * PlacementIndex#setMix}), which keeps GPUs from being left without vCPU or in useless shares;
   * among hosts that are alike in that, about the one with the least left over.
   */
  FRAGMENTATION_AWARE(
      20L * RequestMix.ONE,
      true,
      new Weight(ScorePart.GPU_FRAGMENTS, 1, 0),
      new Weight(ScorePart.GPU_STRANDED, 13, 4),
      new Weight(ScorePart.SIZE_STRANDED, 5, 11),
      new Weight(ScorePart.LEFT_OVER, 5, 11));

  /** The part's number times {@code times}, divided by two so many times as {@code halved} says. */
  private record Weight(ScorePart part, int times, int halved) {

    long of(Spot spot) {
      return part.of(spot) * times >> halved;
    }

    long atLeast(Spot spot) {
      return part.atLeast(spot) * times >> halved;
    }
  }

  private final Weight[] weights;
  private final long imageBonus;
  private final boolean fullestDevice;

  PlacementPolicy(long imageBonus, boolean fullestDevice, Weight... weights) {
    this.weights = weights;
    this.imageBonus = imageBonus;
    this.fullestDevice = fullestDevice;
  }

  /**
   * By how much lower the score of a host is that has all of the images of a request; by as much of
   * it as the host has of them, if that is less.
   */
  public long imageBonus() {
    return imageBonus;
  }

  /**
   * Whether of equal devices the one with the least left is shared first, or that with the most.
   */
  boolean prefersFullestDevice() {
    return fullestDevice;
  }

  /** Whether it looks at what is typically asked for. */
  boolean looksAtMix() {
    return this == FRAGMENTATION_AWARE;
  }

  /** The score of a host that has room. */
  long score(Spot spot) {
    long sum = images(spot);
    for (Weight weight : weights) {
      sum += weight.of(spot);
    }
    return sum;
  }

  /** What the score is at least, whichever devices are taken; found with less work. */
  long atLeast(Spot spot) {
    long sum = 0;
    for (Weight weight : weights) {
      sum += weight.atLeast(spot);
    }
    return sum;
  }

  /** What of the score comes from which part; the numbers add up to it. */
  Map<ScorePart, Long> parts(Spot spot) {
    Map<ScorePart, Long> parts = new EnumMap<>(ScorePart.class);
    for (Weight weight : weights) {
      parts.put(weight.part(), weight.of(spot));
    }
    if (spot.imagesThere > 0) {
      parts.put(ScorePart.IMAGES_THERE, images(spot));
    }
    return parts;
  }

  private long images(Spot spot) {
    return spot.imagesThere == 0
        ? 0
        : ScorePart.IMAGES_THERE.of(spot) * imageBonus / PlacementRequest.ALL_IMAGES;
  }
}
