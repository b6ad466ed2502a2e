package io.podyard.billing;

import java.util.Arrays;
import java.util.Optional;

/** What kind of thing was used or bought; bills have one of each as a dimension. */
public enum ResourceKind {
  CONTAINER_GROUP("container-group"),
  IMAGE_CACHE("image-cache"),
  DATA_CACHE("data-cache"),

  /** A disk that a group got from a cache. */
  CACHE_DISK("cache-disk"),
  VOLUME("volume"),
  VIRTUAL_NODE("virtual-node"),

  /** Reserved instances that were bought. */
  RESERVED_INSTANCES("reserved-instances"),

  /** A savings plan that was bought. */
  SAVINGS_PLAN("savings-plan");

  private final String code;

  ResourceKind(String code) {
    this.code = code;
  }

  /** How files and tables name it; never changes. */
  public String code() {
    return code;
  }

  /** The kind whose {@link #code()} this is. */
  public static Optional<ResourceKind> ofCode(String code) {
    return Arrays.stream(values()).filter(kind -> kind.code.equals(code)).findFirst();
  }
}
