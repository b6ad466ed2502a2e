package io.podyard.controlplane.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.settings.PodyardSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class RegionEndpointTest {

  private static String endpoint(String publicUrl, Map<String, Object> server) {
    PodyardSettings settings =
        new Binder(
                new MapConfigurationPropertySource(
                    Map.of("podyard.region", "local", "podyard.public-url", publicUrl)))
            .bind("podyard", PodyardSettings.class)
            .get();
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("server", server));
    return new RegionEndpoint(settings, environment).value();
  }

  @ParameterizedTest
  @CsvSource({
    "http://podyard.example.com:18080, podyard.example.com:18080",
    "https://podyard.example.com/, podyard.example.com",
    "https://podyard.example.com/eci, podyard.example.com",
    "podyard.example.com:8443, podyard.example.com:8443",
    "http://[fd00::1]:8080, [fd00::1]:8080"
  })
  void thePublicAddressWinsWithoutItsScheme(String publicUrl, String endpoint) {
    assertThat(endpoint(publicUrl, Map.of("server.address", "10.0.0.1", "server.port", "1")))
        .isEqualTo(endpoint);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:9000",
    "10.0.0.1, 10.0.0.1:9000",
    "fd00::1, [fd00::1]:9000",
    "0.0.0.0, localhost:9000",
    "::, localhost:9000",
    "'', localhost:9000"
  })
  void withoutOneItIsWhereTheServerListens(String address, String endpoint) {
    Map<String, Object> server = new LinkedHashMap<>();
    server.put("server.address", address);
    server.put("server.port", "9000");
    assertThat(endpoint("", server)).isEqualTo(endpoint);
  }

  @Test
  void aPortThatTheSystemChoseIsAnswered() {
    assertThat(
            endpoint(
                " ",
                Map.of(
                    "server.address",
                    "127.0.0.1",
                    "server.port",
                    "0",
                    "local.server.port",
                    "41234")))
        .isEqualTo("127.0.0.1:41234");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://", "http://a b", "https:///path"})
  void anAddressWithoutAHostIsRefused(String publicUrl) {
    assertThatThrownBy(() -> endpoint(publicUrl, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PODYARD_PUBLIC_URL");
  }
}
