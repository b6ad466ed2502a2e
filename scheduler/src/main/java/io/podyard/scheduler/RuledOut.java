package io.podyard.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Why a host cannot take a request now. A host counts under the first reason that holds, in this
 * order, so the counts of an {@link Explanation} add up to the hosts looked at.
 */
public enum RuledOut {
  /** The request names another zone. */
  WRONG_ZONE("ZoneMismatch", "in another zone"),
  /** The request names other pools. */
  OTHER_POOL("PoolMismatch", "in another pool"),
  OTHER_COMPUTE_CATEGORY("ComputeCategoryMismatch", "of another compute category"),
  OTHER_ARCHITECTURE("ArchitectureMismatch", "of another CPU architecture"),
  OTHER_INSTANCE_TYPE("InstanceTypeMismatch", "of another instance type"),
  OTHER_GPU_MODEL("GpuModelMismatch", "without such GPUs"),
  MISSING_LABELS("LabelMismatch", "without its labels"),
  /** The request has disks, and another host keeps them. */
  OTHER_HOST("VolumeAffinity", "without its disks"),
  /** Nothing new may be placed on it. */
  NOT_READY("Unschedulable", "not ready"),
  /** It has not answered its last call; whether it is gone is not known yet. */
  NOT_ANSWERING("NotAnswering", "not answering"),
  /** It waits for room for another request, which is larger. */
  KEPT("ReservedForAnother", "kept for a larger request"),
  NOT_ENOUGH_CPU_AND_MEMORY("InsufficientCpuAndMemory", "without enough free vCPU and memory"),
  NOT_ENOUGH_CPU("InsufficientCpu", "without enough free vCPU"),
  NOT_ENOUGH_MEMORY("InsufficientMemory", "without enough free memory"),
  NOT_ENOUGH_DISK("InsufficientDisk", "without enough free disk"),
  NOT_ENOUGH_GPUS("InsufficientGpu", "without enough free GPUs");

  private final String term;
  private final String words;

  RuledOut(String term, String words) {
    this.term = term;
    this.words = words;
  }

  /** Its name for programs. */
  public String term() {
    return term;
  }

  /** The reason as it stands after a number of hosts in a sentence. */
  public String words() {
    return words;
  }

  /** Whether it is what the host is, not how full or well it is, so that waiting cannot help. */
  public boolean isForGood() {
    return compareTo(NOT_READY) < 0;
  }

  /** Whether nothing of it is to be had by this request now, however much is free on it. */
  boolean isAside() {
    return compareTo(NOT_READY) >= 0 && compareTo(KEPT) <= 0;
  }

  /** Whether it would do, but for how full it is now. */
  boolean isRoom() {
    return compareTo(KEPT) > 0;
  }

  /** Whether the host is not of the kind that was asked for. */
  boolean isKind() {
    return this != WRONG_ZONE && this != OTHER_HOST && isForGood();
  }

  /** What a request wants of where and what a host is; null if the host is right. */
  static @Nullable RuledOut place(PlacementRequest request, HostClass host) {
    HostWishes wishes = request.wishes();
    HostKind kind = host.kind();
    if (request.zone() != null && !request.zone().equals(host.zone())) {
      return WRONG_ZONE;
    }
    if (wishes == HostWishes.ANY) {
      return null;
    }
    if (!wishes.pools().isEmpty() && !wishes.pools().contains(host.pool())) {
      return OTHER_POOL;
    }
    if (wishes.computeCategory() != null
        && !wishes.computeCategory().equals(kind.computeCategory())) {
      return OTHER_COMPUTE_CATEGORY;
    }
    if (wishes.architecture() != null && !wishes.architecture().equals(kind.architecture())) {
      return OTHER_ARCHITECTURE;
    }
    if (!wishes.instanceTypes().isEmpty()
        && !wishes.instanceTypes().contains(kind.instanceType())) {
      return OTHER_INSTANCE_TYPE;
    }
    if (!wishes.gpuModels().isEmpty() && !wishes.gpuModels().contains(kind.gpuModel())) {
      return OTHER_GPU_MODEL;
    }
    return kind.labels().containsAll(wishes.labels()) ? null : MISSING_LABELS;
  }

  /** What a request needs of a host's room; null if there is enough. */
  static @Nullable RuledOut room(
      boolean enoughCpu, boolean enoughMemory, boolean enoughDisk, boolean enoughGpus) {
    if (!enoughCpu) {
      return enoughMemory ? NOT_ENOUGH_CPU : NOT_ENOUGH_CPU_AND_MEMORY;
    }
    if (!enoughMemory) {
      return NOT_ENOUGH_MEMORY;
    }
    if (!enoughDisk) {
      return NOT_ENOUGH_DISK;
    }
    return enoughGpus ? null : NOT_ENOUGH_GPUS;
  }
}
