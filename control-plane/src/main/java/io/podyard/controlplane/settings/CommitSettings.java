package io.podyard.controlplane.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How images are made of containers.
 *
 * @param deadline of a task, from its request to the pushed image
 * @param perHost tasks of one host that are worked on at the same time; the others wait
 * @param perAccount tasks of one account that are not over; more are refused
 */
public record CommitSettings(
    @DefaultValue("1h") Duration deadline,
    @DefaultValue("2") int perHost,
    @DefaultValue("5") int perAccount) {

  /**
   * @throws IllegalArgumentException if a limit is not positive
   */
  public CommitSettings {
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException(
          "PODYARD_COMMITS_DEADLINE must be positive, not " + deadline);
    }
    if (perHost < 1 || perAccount < 1) {
      throw new IllegalArgumentException(
          "PODYARD_COMMITS_PER_HOST and PODYARD_COMMITS_PER_ACCOUNT must be 1 or more, not %d and %d"
              .formatted(perHost, perAccount));
    }
  }
}
