package io.podyard.controlplane.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

class RateLimitTest {

  private static PodyardSettings settings(MutablePropertySources sources) {
    return new Binder(ConfigurationPropertySources.from(sources))
        .bindOrCreate("podyard", PodyardSettings.class);
  }

  private static MutablePropertySources environment(Map<String, Object> variables) {
    MutablePropertySources sources = new MutablePropertySources();
    sources.addLast(
        new SystemEnvironmentPropertySource(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    return sources;
  }

  private static void addEciProfile(MutablePropertySources sources) throws IOException {
    new YamlPropertySourceLoader()
        .load("eci", new ClassPathResource("application-eci.yml"))
        .forEach(sources::addLast);
  }

  @Test
  void thereAreNoneUnlessTheyAreSet() {
    assertThat(settings(environment(Map.of())).rateLimits()).isEmpty();
  }

  @Test
  void theEciProfileHasThoseOfTheContract() throws IOException {
    MutablePropertySources sources = environment(Map.of());
    addEciProfile(sources);
    RateLimit writes = new RateLimit(100, 20, Duration.ofSeconds(1));
    RateLimit inContainers = new RateLimit(500, 500, Duration.ofMinutes(1));
    assertThat(settings(sources).rateLimits())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "DescribeContainerGroupPrice",
                new RateLimit(1000, 1000, Duration.ofMinutes(1)),
                "ExportContainerGroupTemplate",
                new RateLimit(1000, 1000, Duration.ofMinutes(1)),
                "CreateContainerGroup",
                writes,
                "DeleteContainerGroup",
                writes,
                "DescribeContainerGroups",
                new RateLimit(2000, 2000, Duration.ofMinutes(1)),
                "DescribeContainerGroupMetric",
                new RateLimit(2000, 2000, Duration.ofMinutes(1)),
                "DescribeMultiContainerGroupMetric",
                inContainers,
                "DescribeContainerLog",
                inContainers,
                "ExecContainerCommand",
                inContainers));
  }

  @Test
  void theEnvironmentSetsThemAndWinsOverTheProfile() throws IOException {
    Map<String, Object> variables =
        Map.of(
            "PODYARD_RATELIMITS_CREATECONTAINERGROUP_BURST", "7",
            "PODYARD_RATELIMITS_LISTHOSTS_BURST", "3",
            "PODYARD_RATELIMITS_LISTHOSTS_REFILL", "2",
            "PODYARD_RATELIMITS_LISTHOSTS_PER", "5s");
    MutablePropertySources sources = environment(variables);
    addEciProfile(sources);
    Map<String, RateLimit> limits = settings(sources).rateLimits();
    assertThat(limits).containsEntry("listhosts", new RateLimit(3, 2, Duration.ofSeconds(5)));
    assertThat(
            limits.entrySet().stream()
                .filter(limit -> limit.getKey().equalsIgnoreCase("CreateContainerGroup"))
                .map(Map.Entry::getValue))
        .isNotEmpty()
        .containsOnly(new RateLimit(7, 20, Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @CsvSource({"0,1,PT1S", "1,0,PT1S", "1000001,1,PT1S", "1,1000001,PT1S", "1,1,PT0S", "1,1,PT25H"})
  void valuesOutOfRangeAreRefused(int burst, int refill, Duration per) {
    assertThatThrownBy(() -> new RateLimit(burst, refill, per))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of a rate limit must be from");
  }
}
