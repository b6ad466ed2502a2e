package io.podyard.runtime.simulated;

import io.podyard.runtime.pod.PodSettings;
import java.time.Duration;

final class TestSettings {

  static final PodSettings SHORT_BACK_OFF =
      new PodSettings(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofMinutes(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1));

  private TestSettings() {}
}
