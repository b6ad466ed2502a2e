package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An installation whose operator ended a price and forgot its successor. */
class UnpricedTest {

  private static final String GROUPS = "/v1/container-groups";

  @Test
  void nothingIsCreatedThatCannotBeBilledAndWhatRunsSaysSo() {
    try (TestServer server = TestServer.start(TestServer.Options.USUAL)) {
      RestClient client = new RestClient(server.endpoint(), server.operator());
      String group =
          "{\"containerGroupName\":\"unpriced\",\"container\":[{\"name\":\"c\",\"image\":\"i\"}]}";
      String id = client.post(GROUPS, group).ok().json().path("containerGroupId").asString();
      Waiting.until(
          "the meter runs",
          () -> client.get(GROUPS + "/" + id).json().path("cost").path("metering").asBoolean());

      server
          .jdbc()
          .update(
              "update price set valid_to = date_trunc('second', now(), 'UTC') where item ="
                  + " 'memory'");
      Waiting.until(
          "the end of the price is seen", () -> client.post(GROUPS, group).status() == 403);
      RestClient.Answer refused = client.post(GROUPS, group);
      assertThat(refused.code()).isEqualTo("Zone.NotOnSale");
      assertThat(refused.json().path("detail").asString())
          .contains("item memory", "region cn-hangzhou");
      assertThat(client.post(GROUPS, group.replaceFirst("\\{", "{\"dryRun\":true,")).code())
          .as("a dry run says the same")
          .isEqualTo("Zone.NotOnSale");

      JsonNode cost = client.get(GROUPS + "/" + id).ok().json().path("cost");
      assertThat(cost.path("unpriced").asString()).contains("item memory", "region cn-hangzhou");
      assertThat(cost.has("amount")).isFalse();
      assertThat(cost.path("metering").asBoolean()).isTrue();
      JsonNode usage = client.get("/v1/usage").ok().json();
      assertThat(usage.path("unpriced").asString()).contains("item memory");
      assertThat(usage.path("groups").get(0).path("unpriced").asString()).contains("item memory");

      server
          .jdbc()
          .update(
              """
              insert into price (region, item, currency, per_second, valid_from)
              select region, item, currency, 0.00001, valid_to from price where item = 'memory'
              """);
      Waiting.until("the successor is seen", () -> client.post(GROUPS, group).status() == 200);
      assertThat(client.get(GROUPS + "/" + id).json().path("cost").path("amount").asString())
          .isNotBlank();
    }
  }

  @Test
  void gpusHaveNoPriceUntilOneIsSet() {
    TestServer server = TestServer.shared();
    RestClient client = new RestClient(server.endpoint(), server.newAccount());

    RestClient.Answer refused =
        client.post(
            GROUPS,
            """
            {"containerGroupName": "gpus",
             "container": [{"name": "main", "image": "registry.test/app:1", "gpu": 1}]}
            """);

    assertThat(refused.code()).isEqualTo("Zone.NotOnSale");
    assertThat(refused.json().path("detail").asString()).contains("item gpu", "region cn-hangzhou");
  }
}
