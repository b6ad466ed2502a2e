package io.podyard.billing;

import java.util.function.ToIntFunction;

/**
 * The items that are no instance types, in the order in which bills show them. Amounts are counted
 * in whole small parts of the unit, so that sums of any size are exact.
 */
enum Part {
  VCPU("vcpu", "vCPU", 1000, metered -> metered.size().cpu().value()),
  ECONOMY_VCPU("economy-vcpu", "vCPU", 1000, metered -> metered.size().cpu().value()),
  MEMORY("memory", "GiB", 1024, metered -> metered.size().memory().value()),
  GPU("gpu", "GPU", 1000, Metered::gpuMilli),
  EPHEMERAL_STORAGE("ephemeral-storage", "GiB", 1, Metered::storageGib),
  IMAGE_CACHE_DISK("image-cache-disk", "GiB", 1, Metered::storageGib),
  IMAGE_CACHE_STORAGE("image-cache-storage", "GiB", 1, Metered::storageGib),
  IMAGE_CACHE_USE("image-cache-use", "GiB", 1, Metered::storageGib),
  DATA_CACHE_DISK("data-cache-disk", "GiB", 1, Metered::storageGib),
  DATA_CACHE_STORAGE("data-cache-storage", "GiB", 1, Metered::storageGib),
  DATA_CACHE_USE("data-cache-use", "GiB", 1, Metered::storageGib),
  VOLUME("volume", "GiB", 1, Metered::storageGib);

  final String code;
  final String unit;

  /** Small parts of one unit. */
  final int perUnit;

  final ToIntFunction<Metered> small;

  Part(String code, String unit, int perUnit, ToIntFunction<Metered> small) {
    this.code = code;
    this.unit = unit;
    this.perUnit = perUnit;
    this.small = small;
  }
}
