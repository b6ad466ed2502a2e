package io.podyard.controlplane.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.billing.BillRounding;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class BillSettingsTest {

  /** By the names of the environment that are documented. */
  private static BillSettings settings(Map<String, Object> variables) {
    MutablePropertySources sources = new MutablePropertySources();
    sources.addLast(
        new SystemEnvironmentPropertySource(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    return new Binder(ConfigurationPropertySources.from(sources))
        .bindOrCreate("podyard", PodyardSettings.class)
        .bill();
  }

  @Test
  void billsCloseAfterThreeDaysAndAreRoundedOnceUnlessItIsSetOtherwise() {
    assertThat(settings(Map.of()))
        .isEqualTo(new BillSettings(Duration.ofDays(3), BillRounding.TOTAL_ONLY, "Podyard"));
    assertThat(
            settings(
                Map.of(
                    "PODYARD_BILL_CLOSES_AFTER", "12h",
                    "PODYARD_BILL_ROUNDING", "small-fees-too",
                    "PODYARD_BILL_ISSUER", " Example Ltd ")))
        .isEqualTo(
            new BillSettings(Duration.ofHours(12), BillRounding.SMALL_FEES_TOO, "Example Ltd"));
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new BillSettings(Duration.ofDays(61), BillRounding.TOTAL_ONLY, "A"))
        .hasMessageContaining("PODYARD_BILL_CLOSES_AFTER must be from 0 to 60 days, not PT1464H");
    assertThatThrownBy(() -> new BillSettings(Duration.ofSeconds(-1), BillRounding.TOTAL_ONLY, "A"))
        .hasMessageContaining("PODYARD_BILL_CLOSES_AFTER");
    assertThatThrownBy(() -> new BillSettings(Duration.ZERO, BillRounding.TOTAL_ONLY, " "))
        .hasMessageContaining("PODYARD_BILL_ISSUER");
  }
}
