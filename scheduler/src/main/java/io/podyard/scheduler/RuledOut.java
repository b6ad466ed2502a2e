package io.podyard.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Why a host cannot take a request now. A host counts under the first reason that holds, in this
 * order, so the counts of an {@link Explanation} add up to the hosts looked at.
 */
public enum RuledOut {
  /** The request names another zone. */
  WRONG_ZONE("in another zone"),
  /** The request has disks, and another host keeps them. */
  OTHER_HOST("without its disks"),
  /** Nothing new may be placed on it. */
  NOT_READY("not ready"),
  NOT_ENOUGH_CPU_AND_MEMORY("without enough free vCPU and memory"),
  NOT_ENOUGH_CPU("without enough free vCPU"),
  NOT_ENOUGH_MEMORY("without enough free memory");

  private final String words;

  RuledOut(String words) {
    this.words = words;
  }

  /** The reason as it stands after a number of hosts in a sentence. */
  public String words() {
    return words;
  }

  /** The one filter of placement: null if the host can take the request. */
  static @Nullable RuledOut reason(
      boolean inZone,
      boolean hasDisks,
      boolean ready,
      int freeCpu,
      int freeMemory,
      int needCpu,
      int needMemory) {
    if (!inZone) {
      return WRONG_ZONE;
    }
    if (!hasDisks) {
      return OTHER_HOST;
    }
    if (!ready) {
      return NOT_READY;
    }
    boolean enoughCpu = freeCpu >= needCpu;
    boolean enoughMemory = freeMemory >= needMemory;
    if (enoughCpu) {
      return enoughMemory ? null : NOT_ENOUGH_MEMORY;
    }
    return enoughMemory ? NOT_ENOUGH_CPU : NOT_ENOUGH_CPU_AND_MEMORY;
  }
}
