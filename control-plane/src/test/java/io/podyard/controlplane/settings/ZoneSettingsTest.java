package io.podyard.controlplane.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** By the names of the environment that are documented, which begin with that of another one. */
class ZoneSettingsTest {

  private static PodyardSettings settings(Map<String, Object> variables) {
    MutablePropertySources sources = new MutablePropertySources();
    sources.addLast(
        new SystemEnvironmentPropertySource(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    return new Binder(ConfigurationPropertySources.from(sources))
        .bindOrCreate("podyard", PodyardSettings.class);
  }

  @Test
  void zonesAreServedAndVSwitchesRegisteredUnlessItIsSetOtherwise() {
    PodyardSettings settings = settings(Map.of());
    assertThat(settings.zonesWithoutHosts()).isEqualTo(ZonesWithoutHosts.SERVED);
    assertThat(settings.vSwitches()).isEqualTo(VSwitchRule.FIRST_USE);
    assertThat(
            settings(
                Map.of("PODYARD_ZONES_WITHOUT_HOSTS", "served", "PODYARD_VSWITCHES", "first-use")))
        .isEqualTo(settings);
  }

  @Test
  void bothCanBeStrict() {
    PodyardSettings settings =
        settings(
            Map.of(
                "PODYARD_ZONES", "r-x,r-y",
                "PODYARD_ZONES_WITHOUT_HOSTS", "refused",
                "PODYARD_VSWITCHES", "strict"));
    assertThat(settings.zones()).isEqualTo(List.of("r-x", "r-y"));
    assertThat(settings.zonesWithoutHosts()).isEqualTo(ZonesWithoutHosts.REFUSED);
    assertThat(settings.vSwitches()).isEqualTo(VSwitchRule.STRICT);
  }
}
