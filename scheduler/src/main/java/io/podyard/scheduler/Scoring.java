package io.podyard.scheduler;

import java.util.Arrays;

/** Scores hosts that have room, and chooses the devices of GPUs on them. */
final class Scoring {

  private static final int MEASURES = 3;

  private final HostRows rows;
  private final Spot spot = new Spot();

  /** {@link Fragments#model} by class. */
  private int[] models = {};

  private int classChanges = -1;

  /** What {@link #measure} found of each row, where it is still true. */
  private long[] measured = {};

  private int[][] shares = {};
  private boolean[] isMeasured = {};

  Scoring(HostRows rows) {
    this.rows = rows;
  }

  void mix(RequestMix mix, Fragments fragments) {
    spot.mix = mix;
    spot.fragments = fragments;
    classChanges = -1;
    forget();
  }

  /** Rows moved. */
  void forget() {
    if (isMeasured.length < rows.size()) {
      isMeasured = new boolean[2 * rows.size()];
      measured = new long[isMeasured.length * MEASURES];
      shares = new int[isMeasured.length][];
    }
    Arrays.fill(isMeasured, false);
  }

  /** What is free on a host has changed. */
  void changed(int row) {
    isMeasured[row] = false;
  }

  /** The score of a host that has room and so much of the images, by the best choice of devices. */
  long score(int row, Need need, PlacementPolicy policy, int imagesThere) {
    look(row, need, policy);
    spot.imagesThere = imagesThere;
    if (need.gpuCount == 0) {
      return take(0, policy);
    }
    return need.sharesGpu() ? shared(row, policy) : whole(row, need.gpuCount, policy);
  }

  /** What the score of a host that has room is at least, without images; found with less work. */
  long atLeast(int row, Need need, PlacementPolicy policy) {
    look(row, need, policy);
    return policy.atLeast(spot);
  }

  private void look(int row, Need need, PlacementPolicy policy) {
    rows.describe(row, spot);
    spot.gpuModel = model(rows.classOf(row));
    spot.cpuLeft = spot.freeCpu - need.cpu;
    spot.memoryLeft = spot.freeMemory - need.memory;
    spot.diskLeft = spot.disk == 0 ? 0 : rows.freeDisk(row) - need.disk;
    spot.gpuLeft = spot.freeGpu - need.gpuCount * need.gpuMilliEach;
    spot.milliEach = need.gpuMilliEach;
    if (policy.looksAtMix()) {
      measure(row);
    }
  }

  /** The devices that the last score is of. */
  long devices() {
    return spot.devices;
  }

  /** The host and devices that the last score is of. */
  Spot spot() {
    return spot;
  }

  /** What typical requests can not use of a host does not depend on the request. */
  private void measure(int row) {
    int at = row * MEASURES;
    if (!isMeasured[row]) {
      shares[row] = spot.fragments.sharesNow(spot);
      spot.sharesNow = shares[row];
      measured[at] = spot.fragments.now(spot);
      measured[at + 1] = spot.mix.strandedGpu(spot.freeCpu, spot.freeMemory, spot.freeGpu);
      measured[at + 2] = spot.mix.strandedSize(spot.freeCpu, spot.freeMemory);
      isMeasured[row] = true;
    }
    spot.sharesNow = shares[row];
    spot.fragmentsNow = measured[at];
    spot.strandedGpuNow = measured[at + 1];
    spot.strandedSizeNow = measured[at + 2];
  }

  private int model(int classNumber) {
    if (classChanges != rows.classes().changes()) {
      classChanges = rows.classes().changes();
      models =
          rows.classes().all().stream()
              .mapToInt(one -> spot.fragments.model(one.kind().gpuModel()))
              .toArray();
    }
    return models[classNumber];
  }

  private long whole(int row, int count, PlacementPolicy policy) {
    long devices = 0;
    int missing = count;
    for (int device = 0; missing > 0; device++) {
      if (rows.freeOfGpu(row, device) == GpuRequest.WHOLE) {
        devices |= 1L << device;
        missing--;
      }
    }
    return take(devices, policy);
  }

  /** Tries each device that has enough; of those with equally much left, the first. */
  private long shared(int row, PlacementPolicy policy) {
    int milli = spot.milliEach;
    long best = Long.MAX_VALUE;
    int bestDevice = -1;
    int bestFree = 0;
    for (int device = 0; device < spot.gpuCount; device++) {
      int free = rows.freeOfGpu(row, device);
      if (free < milli || triedBefore(row, device, free)) {
        continue;
      }
      long score = take(1L << device, policy);
      boolean preferred = policy.prefersFullestDevice() ? free < bestFree : free > bestFree;
      if (bestDevice < 0 || score < best || (score == best && preferred)) {
        best = score;
        bestDevice = device;
        bestFree = free;
      }
    }
    spot.devices = 1L << bestDevice;
    return best;
  }

  private boolean triedBefore(int row, int device, int free) {
    for (int before = 0; before < device; before++) {
      if (rows.freeOfGpu(row, before) == free) {
        return true;
      }
    }
    return false;
  }

  private long take(long devices, PlacementPolicy policy) {
    spot.devices = devices;
    return policy.score(spot);
  }
}
