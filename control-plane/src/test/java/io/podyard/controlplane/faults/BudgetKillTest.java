package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.budget.Charges;
import io.podyard.controlplane.budget.Hook;
import io.podyard.controlplane.door.rest.RestClient;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.AccountId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A server dies at each step between a threshold and whoever is told of it. */
class BudgetKillTest {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "PODYARD_SIMULATED_HOSTS", "1",
          "PODYARD_BUDGETS_WEBHOOKRETRY", "1s",
          "PODYARD_BUDGETS_WEBHOOKTIMEOUT", "1s");

  @Test
  void whereverTheServerDiesAThresholdIsPassedOnceAndTold() throws Exception {
    try (Hook hook = new Hook(Hook.Mood.TAKES);
        ServerProcess server = ServerProcess.in("budget", SETTINGS).start(Map.of());
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      AccountId account =
          new AccountId(
              Objects.requireNonNull(
                  inspection
                      .jdbc()
                      .queryForObject(
                          "select id from account where role = 'OPERATOR'", String.class)));
      new RestClient(
              URI.create(server.endpoint().toString().replaceFirst("/$", "")),
              new TestServer.Key(account, ServerProcess.ACCESS_KEY, ServerProcess.SECRET))
          .put(
              "/v1/budgets/all",
              """
              {"amount": 1, "currency": "CNY", "thresholds": [100], "webhookUrl": "%s"}
              """
                  .formatted(hook.url()))
          .ok();
      server.kill9();
      Charges.settle(inspection.jdbc(), account, "eci-1", "2", "CNY");

      for (String point :
          List.of("budgetAlert:before:1", "budgetAlert:after:1", "webhook:before:1")) {
        assertThat(hook.told()).as(point).isEmpty();
        server.launch(Map.of("PODYARD_CRASH_AT", point));
        assertThat(server.diedWithin(Duration.ofMinutes(2))).isTrue();
        assertThat(alerts(inspection)).isEqualTo(point.equals("budgetAlert:before:1") ? 0 : 1);
      }
      server.launch(Map.of("PODYARD_CRASH_AT", "webhook:after:1"));
      assertThat(server.diedWithin(Duration.ofMinutes(2))).isTrue();
      assertThat(hook.told()).hasSize(1);
      server.start();
      Waiting.until(
          "it is taken",
          () -> count(inspection, "webhook_delivery where delivered_at is not null") == 1);
      assertThat(hook.told()).hasSizeGreaterThan(1);
      assertThat(hook.told().stream().map(Hook.Told::delivery).distinct()).hasSize(1);
      assertThat(alerts(inspection)).isEqualTo(1);
      inspection.mustBeContent();
    }
  }

  private static int alerts(Inspection inspection) {
    return count(inspection, "budget_alert");
  }

  private static int count(Inspection inspection, String rows) {
    return Objects.requireNonNull(
        inspection.jdbc().queryForObject("select count(*) from " + rows, Integer.class));
  }
}
