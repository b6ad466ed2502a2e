package io.podyard.controlplane.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.EciJson;
import io.podyard.billing.BillMonth;
import io.podyard.controlplane.door.rest.RestClient;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Each threshold of a budget is noted once a month, and told until it is taken. */
class BudgetTest {

  private static TestServer server;

  private final TestServer.Key key = newAccount();
  private final RestClient user = client(key);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .with("podyard.budgets.webhook-hosts", "127.0.0.1, *.hooks.test,169.254.169.254")
                .with("podyard.budgets.webhook-retry", "1s")
                .with("podyard.budgets.webhook-timeout", "1s"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static TestServer.Key newAccount() {
    return server.newAccount();
  }

  private static RestClient client(TestServer.Key key) {
    return new RestClient(server.endpoint(), key);
  }

  private static String body(String thresholds, String more) {
    return "{\"amount\": \"100\", \"currency\": \"CNY\", \"thresholds\": [%s] %s}"
        .formatted(thresholds, more);
  }

  private static String webhook(String url) {
    return ", \"webhookUrl\": \"" + url + "\"";
  }

  private JsonNode put(String name, String body) {
    return user.put("/v1/budgets/" + name, body).ok().json();
  }

  private JsonNode budget(String name) {
    return user.get("/v1/budgets/" + name).ok().json();
  }

  private List<Integer> passed(String name) {
    List<Integer> thresholds = new ArrayList<>();
    budget(name).path("alerts").forEach(alert -> thresholds.add(alert.path("threshold").asInt()));
    return thresholds;
  }

  private JsonNode untilDelivery(String name, String what, Predicate<JsonNode> reached) {
    Waiting.until(what, () -> reached.test(budget(name).path("alerts").path(0).path("delivery")));
    return budget(name).path("alerts").path(0).path("delivery");
  }

  private void charged(String resource, String amount, String currency) {
    Charges.settle(server.jdbc(), key.account(), resource, amount, currency);
  }

  @Test
  void everyThresholdIsPassedOnceWhateverComesAfter() {
    put("all", body("50, 80, 100", ""));
    charged("eci-1", "49.999", "CNY");
    charged("eci-1", "1000", "USD");
    put("later", body("1", ""));
    Waiting.until("the round", () -> passed("later").equals(List.of(1)));
    assertThat(passed("all")).isEmpty();

    charged("eci-2", "30.001", "CNY");
    Waiting.until("two thresholds", () -> passed("all").equals(List.of(80, 50)));
    assertThat(budget("all").path("alerts").path(0).path("charged").asString()).isEqualTo("80");
    assertThat(budget("all").path("alerts").path(0).has("delivery")).isFalse();

    charged("eci-2", "-80", "CNY");
    charged("eci-3", "100", "CNY");
    Waiting.until("the last one", () -> passed("all").equals(List.of(100, 80, 50)));
    assertThat(user.get("/v1/budgets").json().path("budgets").size()).isEqualTo(2);
    user.delete("/v1/budgets/all").ok();
    assertThat(user.get("/v1/budgets/all").status()).isEqualTo(404);
  }

  @Test
  void whatIsNotSettledCountsAsCostsSayIt() {
    String group =
        user.post(
                "/v1/container-groups",
                """
                {"containerGroupName": "spender", "cpu": 2, "memory": 4,
                 "tag": [{"key": "team", "value": "blue"}],
                 "container": [{"name": "a", "image": "registry.test/shell:1",
                                "command": ["sleep", "infinity"]}]}
                """)
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    String tiny = "{\"amount\": \"0.0002\", \"currency\": \"CNY\", \"thresholds\": [100] %s}";
    put("all", tiny.formatted(""));
    put("blue", tiny.formatted(", \"tagKey\": \"team\", \"tagValue\": \"blue\""));
    put("team", tiny.formatted(", \"tagKey\": \"team\""));
    put("red", tiny.formatted(", \"tagKey\": \"team\", \"tagValue\": \"red\""));
    put("ship", tiny.formatted(", \"tagKey\": \"ship\""));
    put("dollars", tiny.formatted("").replace("CNY", "USD"));
    for (String name : List.of("all", "blue", "team")) {
      Waiting.until(name + " is passed", () -> passed(name).equals(List.of(100)));
    }
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select count(*) from charge_line where account_id = ?",
                    Integer.class,
                    key.account().value()))
        .isZero();
    BigDecimal seen =
        new BigDecimal(budget("all").path("alerts").path(0).path("charged").asString());
    BigDecimal costs =
        new BigDecimal(
            user.get("/v1/costs").ok().json().path("costs").path(0).path("total").asString());
    assertThat(seen).isGreaterThanOrEqualTo(new BigDecimal("0.0002")).isLessThanOrEqualTo(costs);
    for (String name : List.of("red", "ship", "dollars")) {
      assertThat(passed(name)).as(name).isEmpty();
    }

    // It is over and its record is history: what it cost counts all the same, and is told once.
    user.delete("/v1/container-groups/" + group + "?force=true").ok();
    Waiting.until(
        "it is over",
        () -> user.get("/v1/container-groups/" + group).ok().json().path("ended").asBoolean());
    put("blue-later", tiny.formatted(", \"tagKey\": \"team\", \"tagValue\": \"blue\""));
    Waiting.until("it is passed", () -> passed("blue-later").equals(List.of(100)));
    String month = BillMonth.containing(Instant.now()).toString();
    assertThat(
            user.get("/v1/events")
                .ok()
                .json()
                .path("accountEvents")
                .valueStream()
                .map(
                    event -> event.path("subject").asString() + " x" + event.path("count").asInt()))
        .containsExactlyInAnyOrder(
            "all " + month + " 100 x1",
            "blue " + month + " 100 x1",
            "team " + month + " 100 x1",
            "blue-later " + month + " 100 x1");
  }

  @Test
  void aTagChoosesWhatCounts() {
    put("blue", body("50", ", \"tagKey\": \"team\", \"tagValue\": \"blue\""));
    put("any", body("50", ", \"tagKey\": \"team\""));
    put("none", body("50", ", \"tagKey\": \"ship\""));
    for (String colour : List.of("blue", "red")) {
      server
          .jdbc()
          .update(
              """
              insert into billed_resource
                (account_id, resource_kind, resource_id, from_hour, tags)
              values (?, 'savings-plan', ?, '2020-01-01T00:00:00Z',
                      jsonb_build_object('team', ?::text))
              """,
              key.account().value(),
              "eci-" + colour,
              colour);
    }
    charged("eci-red", "60", "CNY");
    charged("eci-blue", "40", "CNY");
    charged("eci-other", "500", "CNY");
    Waiting.until("those that count", () -> !passed("any").isEmpty());
    assertThat(passed("blue")).isEmpty();
    charged("eci-blue", "10", "CNY");
    Waiting.until("blue", () -> passed("blue").equals(List.of(50)));
    assertThat(passed("none")).isEmpty();
  }

  @Test
  void theWebhookIsToldWithASignatureUntilItTakesIt() {
    try (Hook hook = new Hook(Hook.Mood.FAILS)) {
      String secret = put("told", body("50", webhook(hook.url()))).path("webhookSecret").asString();
      assertThat(secret).hasSizeGreaterThan(40);
      assertThat(put("told", body("50", webhook(hook.url()))).has("webhookSecret")).isFalse();
      assertThat(user.get("/v1/budgets/told").body()).doesNotContain(secret);
      charged("eci-1", "50", "CNY");

      JsonNode failing =
          untilDelivery("told", "two attempts", delivery -> delivery.path("attempts").asInt() >= 2);
      assertThat(failing.path("lastStatus").asInt()).isEqualTo(500);
      assertThat(failing.path("lastProblem").asString()).contains("500");
      hook.becomes(Hook.Mood.TAKES);
      JsonNode taken =
          untilDelivery("told", "it is taken", delivery -> delivery.has("deliveredTime"));
      assertThat(taken.has("nextTryTime")).isFalse();
      assertThat(taken.has("lastProblem")).isFalse();

      assertThat(hook.told())
          .hasSizeGreaterThan(2)
          .allSatisfy(
              told -> {
                assertThat(told.delivery()).isEqualTo(taken.path("deliveryId").asString());
                assertThat(told.signature())
                    .isEqualTo(
                        WebhookDeliveries.signature(
                            secret, told.timestamp() + "." + told.delivery() + "." + told.body()));
              });
      JsonNode body = EciJson.rest().readTree(hook.told().getFirst().body());
      assertThat(body.path("budgetName").asString()).isEqualTo("told");
      assertThat(body.path("threshold").asInt()).isEqualTo(50);
      assertThat(body.path("charged").asString()).isEqualTo("50");
      assertThat(body.path("accountId").asString()).isEqualTo(key.account().value());
      int attempts = hook.told().size();
      charged("eci-1", "1", "CNY");
      put("after", body("51", ""));
      Waiting.until("another round", () -> passed("after").equals(List.of(51)));
      assertThat(hook.told()).hasSize(attempts);
    }
  }

  @Test
  void redirectsAreNotFollowedAndWhoHangsIsLeft() {
    try (Hook redirecting = new Hook(Hook.Mood.REDIRECTS);
        Hook hanging = new Hook(Hook.Mood.HANGS)) {
      put("redirect", body("50", webhook(redirecting.url())));
      put("hang", body("50", webhook(hanging.url())));
      charged("eci-1", "50", "CNY");
      assertThat(
              untilDelivery("redirect", "an answer", delivery -> delivery.has("lastStatus"))
                  .path("lastStatus")
                  .asInt())
          .isEqualTo(302);
      assertThat(
              untilDelivery("hang", "the end of patience", delivery -> delivery.has("lastProblem"))
                  .path("lastProblem")
                  .asString())
          .contains("no answer in time");
      assertThat(redirecting.followed()).isZero();
    }
  }

  @Test
  void onlyAllowedHostsAreToldAndNobodyAtLinkLocalAddresses() {
    RestClient operator = client(server.operator());
    for (String url :
        List.of(
            "https://example.com/",
            "https://hooks.test/",
            "http://127.0.0.1.example.com/",
            "http://me@127.0.0.1/",
            "http://127.0.0.1/#x",
            "gopher://127.0.0.1/",
            "file:///etc/passwd",
            "127.0.0.1",
            "http://[::1]/")) {
      RestClient.Answer answer = user.put("/v1/budgets/b", body("50", webhook(url)));
      assertThat(answer.status()).as(url).isEqualTo(400);
    }
    put("b", body("50", webhook("https://a.hooks.test:8443/x")));
    operator.put("/v1/budgets/anywhere", body("50", webhook("https://example.com/"))).ok();
    operator.delete("/v1/budgets/anywhere").ok();

    put("b", body("50", webhook("http://169.254.169.254/latest/meta-data")));
    charged("eci-1", "50", "CNY");
    assertThat(
            untilDelivery("b", "a refusal", delivery -> delivery.has("lastProblem"))
                .path("lastProblem")
                .asString())
        .contains("nobody is told at 169.254.169.254");
  }

  @Test
  void whatNobodyTakesIsGivenUpAtItsDeadline() {
    try (Hook hook = new Hook(Hook.Mood.FAILS)) {
      put("late", body("50", webhook(hook.url())));
      charged("eci-1", "50", "CNY");
      untilDelivery("late", "an attempt", delivery -> delivery.has("lastStatus"));
      server
          .jdbc()
          .update(
              "update webhook_delivery set deadline = now() where account_id = ?",
              key.account().value());
      JsonNode over = untilDelivery("late", "the end", delivery -> delivery.has("givenUpTime"));
      assertThat(over.has("nextTryTime")).isFalse();
      assertThat(over.has("deliveredTime")).isFalse();
    }
  }
}
