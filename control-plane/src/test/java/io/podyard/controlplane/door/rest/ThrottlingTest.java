package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.api.region.DescribeRegionsResponse;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.settings.RateLimit;
import io.podyard.controlplane.testing.TestServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Accounts that call too often, at both doors of one server. */
class ThrottlingTest {

  private static final String REGIONS = "/v1/regions";

  private static TestServer server;

  @BeforeAll
  static void start() {
    // Nothing is refilled while the test runs.
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .with("spring.profiles.active", "eci")
                .with("podyard.rate-limits.DescribeRegions.burst", "4")
                .with("podyard.rate-limits.DescribeRegions.refill", "1")
                .with("podyard.rate-limits.DescribeRegions.per", "1d"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void regions(PodyardClient client) {
    client.call(Action.DESCRIBE_REGIONS, Map.of(), DescribeRegionsResponse.class);
  }

  private static void assertThrottled(PodyardClient client) {
    assertThatThrownBy(() -> regions(client))
        .isInstanceOfSatisfying(
            PodyardCallException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("Throttling");
              assertThat(refused.httpStatus()).isEqualTo(400);
            });
  }

  @Test
  void aCallCountsThroughWhicheverDoorItComes() {
    TestServer.Key key = server.newAccount();
    RestClient rest = new RestClient(server.endpoint(), key);
    PodyardClient rpc = server.client(key, SignatureVersion.V1);
    regions(rpc);
    rest.get(REGIONS).ok();
    regions(server.client(key, SignatureVersion.V3));
    rest.signed("GET", REGIONS, null, Map.of()).ok();

    assertThrottled(rpc);
    RestClient.Answer refused = rest.get(REGIONS);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("Throttling");
    assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
    assertThat(refused.json().path("detail").asString()).contains("DescribeRegions", "4 calls");
    assertThat(Long.parseLong(refused.header("retry-after"))).isBetween(1L, 86_400L);
    assertThat(refused.header("x-ratelimit-user-api")).startsWith("Limit:4,Remain:0,TimeLeft:");
    assertThat(rest.signed("GET", REGIONS, null, Map.of()).status()).isEqualTo(429);

    rest.get("/v1/container-groups").ok();
    new RestClient(server.endpoint(), server.newAccount()).get(REGIONS).ok();
  }

  @Test
  void theProfileOfTheContractIsPartOfTheServer() {
    assertThat(server.bean(PodyardSettings.class).rateLimits())
        .containsEntry("CreateContainerGroup", new RateLimit(100, 20, Duration.ofSeconds(1)));
    assertThat(TestServer.shared().bean(PodyardSettings.class).rateLimits())
        .as("without it there are none")
        .isEmpty();
  }
}
