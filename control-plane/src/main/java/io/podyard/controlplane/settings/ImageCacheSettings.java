package io.podyard.controlplane.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How image caches are made.
 *
 * @param deadline of making or updating one, from its request until enough hosts hold it
 * @param perHost caches that one host fetches at the same time; the others wait
 * @param tries how often a host asks the registry for the images of one
 * @param flashGrace how long hosts beyond the standard copies hold one, from when those are held
 */
public record ImageCacheSettings(
    @DefaultValue("2h") Duration deadline,
    @DefaultValue("2") int perHost,
    @DefaultValue("4") int tries,
    @DefaultValue("1h") Duration flashGrace) {

  /**
   * @throws IllegalArgumentException if a limit is not positive
   */
  public ImageCacheSettings {
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException(
          "PODYARD_IMAGECACHES_DEADLINE must be positive, not " + deadline);
    }
    if (!flashGrace.isPositive()) {
      throw new IllegalArgumentException(
          "PODYARD_IMAGECACHES_FLASHGRACE must be positive, not " + flashGrace);
    }
    if (perHost < 1 || tries < 1) {
      throw new IllegalArgumentException(
          "PODYARD_IMAGECACHES_PERHOST and PODYARD_IMAGECACHES_TRIES must be 1 or more, not %d and %d"
              .formatted(perHost, tries));
    }
  }
}
