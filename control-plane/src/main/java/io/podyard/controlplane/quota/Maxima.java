package io.podyard.controlplane.quota;

import io.podyard.controlplane.settings.QuotaSettings;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maxima of an account's own, each 0 or more; a kind that is not in it has the installation's. */
public record Maxima(Map<QuotaKind, Long> own) {

  /** The largest that can be set: more of anything than one installation can have. */
  public static final long LARGEST = 1_000_000_000;

  /**
   * @throws IllegalArgumentException if one is negative or above {@link #LARGEST}
   */
  public Maxima {
    own = Map.copyOf(own);
    own.forEach(
        (kind, maximum) -> {
          if (maximum < 0 || maximum > LARGEST) {
            throw new IllegalArgumentException(kind.maximumName() + " is " + maximum);
          }
        });
  }

  @Nullable Long of(QuotaKind kind) {
    return own.get(kind);
  }

  /** All of them, those not set being the installation's. */
  Map<QuotaKind, Long> or(QuotaSettings installation) {
    Map<QuotaKind, Long> all = new EnumMap<>(QuotaKind.class);
    for (QuotaKind kind : QuotaKind.values()) {
      all.put(
          kind,
          own.getOrDefault(
              kind,
              switch (kind) {
                case CPU -> installation.maxCpu();
                case CONTAINER_GROUP -> installation.maxContainerGroup();
                case IMAGE_CACHE -> installation.maxImageCacheCount();
                case AUTO_IMAGE_CACHE -> installation.maxAutoImageCacheCount();
                case DATA_CACHE -> installation.maxDataCacheCount();
              }));
    }
    return all;
  }
}
