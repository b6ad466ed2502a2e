package io.podyard.controlplane.settings;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How data caches are made.
 *
 * @param deadline of making or updating one, from its request until a host holds it
 * @param perHost caches that one host is brought at the same time; the others wait
 * @param tries how often a source is asked that does not answer as it should
 * @param thisMachine whether sources may be on the machines of the control plane
 * @param hub where models and data sets are that are named by their repositories
 */
public record DataCacheSettings(
    @DefaultValue("12h") Duration deadline,
    @DefaultValue("2") int perHost,
    @DefaultValue("3") int tries,
    @DefaultValue("false") boolean thisMachine,
    @DefaultValue("https://huggingface.co") URI hub) {

  /**
   * @throws IllegalArgumentException if a limit is not positive, or the hub is no address
   */
  public DataCacheSettings {
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException(
          "PODYARD_DATACACHES_DEADLINE must be positive, not " + deadline);
    }
    if (perHost < 1 || tries < 1) {
      throw new IllegalArgumentException(
          "PODYARD_DATACACHES_PERHOST and PODYARD_DATACACHES_TRIES must be 1 or more, not %d and %d"
              .formatted(perHost, tries));
    }
    if (hub.getHost() == null
        || !("http".equals(hub.getScheme()) || "https".equals(hub.getScheme()))) {
      throw new IllegalArgumentException(
          "PODYARD_DATACACHES_HUB must be an address such as https://huggingface.co, not " + hub);
    }
  }
}
