package io.podyard.controlplane.quota;

/** What there is a quota of, for each account and region (contract sections 7 and 15). */
public enum QuotaKind {
  CPU("Cpu", "vCPU"),
  CONTAINER_GROUP("ContainerGroup", "container groups"),
  IMAGE_CACHE("ImageCacheCount", "image caches"),
  AUTO_IMAGE_CACHE("AutoImageCacheCount", "image caches made by themselves"),
  DATA_CACHE("DataCacheCount", "data caches");

  private final String suffix;
  private final String unit;

  QuotaKind(String suffix, String unit) {
    this.suffix = suffix;
    this.unit = unit;
  }

  /** ListUsage's name of the maximum, for example {@code MaxCpu}. */
  public String maximumName() {
    return "Max" + suffix;
  }

  /** ListUsage's name of what is used, for example {@code UsedCpu}. */
  public String usedName() {
    return "Used" + suffix;
  }

  /** What is counted, in words. */
  public String unit() {
    return unit;
  }
}
