package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What an account should know of, as it and its operator read it. */
class AccountEventRoutesTest {

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();
  private final RestClient user = new RestClient(server.endpoint(), key);
  private final RestClient operator = new RestClient(server.endpoint(), server.operator());

  private void overdue(boolean overdue) {
    operator
        .put("/v1/accounts/%s/arrearage".formatted(key.account()), "{\"overdue\": " + overdue + "}")
        .ok();
  }

  private static List<String> reasons(JsonNode answer) {
    return answer
        .path("accountEvents")
        .valueStream()
        .map(event -> event.path("reason").asString())
        .toList();
  }

  @Test
  void whatSwitchesAnAccountIsToldOnceTheNewestFirst() {
    assertThat(reasons(user.get("/v1/events").ok().json())).isEmpty();
    overdue(false);
    overdue(true);
    overdue(true);
    overdue(false);
    overdue(true);
    JsonNode all = user.get("/v1/events").ok().json();
    assertThat(all.path("accountId").asString()).isEqualTo(key.account().value());
    assertThat(reasons(all))
        .containsExactly("AccountOverdue", "AccountNotOverdue", "AccountOverdue");
    assertThat(all.path("accountEvents").path(0).path("type").asString()).isEqualTo("Warning");
    assertThat(all.path("accountEvents").path(1).path("type").asString()).isEqualTo("Normal");
    assertThat(all.path("accountEvents").path(2).path("count").asInt()).isEqualTo(1);
    assertThat(all.path("accountEvents").path(2).path("message").asString()).contains("owes money");
    assertThat(all.path("accountEvents").path(1).path("subject"))
        .isEqualTo(all.path("accountEvents").path(2).path("subject"));
  }

  @Test
  void eventsComeInPagesToTheirAccountAndTheOperator() {
    overdue(true);
    overdue(false);
    JsonNode first = user.get("/v1/events?limit=1").ok().json();
    assertThat(reasons(first)).containsExactly("AccountNotOverdue");
    JsonNode second =
        user.get("/v1/events?limit=1&nextToken=" + first.path("nextToken").asString()).ok().json();
    assertThat(reasons(second)).containsExactly("AccountOverdue");
    assertThat(second.has("nextToken")).isFalse();

    String of = "/v1/events?accountId=" + key.account();
    assertThat(operator.get(of).ok().json().path("accountEvents"))
        .isEqualTo(user.get("/v1/events").ok().json().path("accountEvents"));
    RestClient stranger = new RestClient(server.endpoint(), server.newAccount());
    assertThat(stranger.get(of).status()).isEqualTo(403);
    assertThat(reasons(stranger.get("/v1/events").ok().json())).isEmpty();
    assertThat(operator.get("/v1/events?accountId=acct-nobody").status()).isEqualTo(404);
  }
}
