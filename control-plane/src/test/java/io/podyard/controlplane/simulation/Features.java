package io.podyard.controlplane.simulation;

import java.util.SplittableRandom;

/**
 * What is special about a simulation; a part of it, so that no seed has to show everything.
 *
 * @param crowded whether hosts have room for a part of the groups only
 * @param spot groups that give way to others
 * @param vSwitches that have few addresses
 * @param disks counted ephemeral storage
 */
record Features(boolean crowded, boolean spot, boolean vSwitches, boolean disks, boolean gpus) {

  static Features of(SplittableRandom random) {
    boolean crowded = random.nextBoolean();
    return new Features(
        crowded,
        crowded && random.nextBoolean(),
        random.nextInt(4) == 0,
        random.nextInt(4) == 0,
        random.nextInt(4) == 0);
  }
}
