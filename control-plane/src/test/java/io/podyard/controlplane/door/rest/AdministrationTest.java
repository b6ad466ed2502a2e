package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.account.AccessKeys;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.AccountId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Accounts, keys and hosts, which only the operator sees. */
class AdministrationTest {

  private final TestServer server = TestServer.shared();
  private final RestClient operator = new RestClient(server.endpoint(), server.operator());
  private final DocumentedShapes shapes = new DocumentedShapes(operator.get("/v3/api-docs").json());

  private JsonNode checked(String operationId, RestClient.Answer answer) {
    answer.ok();
    assertThat(shapes.differences(operationId, answer)).as(answer.body()).isEmpty();
    return answer.json();
  }

  private String newAccount(String name) {
    return checked(
            "CreateAccount", operator.post("/v1/accounts", "{\"name\":\"%s\"}".formatted(name)))
        .path("accountId")
        .asString();
  }

  @Test
  void onlyTheOperatorMayAdminister() {
    RestClient user = new RestClient(server.endpoint(), server.newAccount());
    String account = server.newAccount().account().value();
    for (RestClient.Answer answer :
        List.of(
            user.get("/v1/accounts"),
            user.post("/v1/accounts", "{\"name\":\"mine\"}"),
            user.get("/v1/accounts/" + account + "/access-keys"),
            user.post("/v1/accounts/" + account + "/access-keys", "{}"),
            user.delete("/v1/accounts/" + account + "/access-keys/x"),
            user.get("/v1/hosts"),
            user.get("/v1/shards"),
            user.get("/v1/accounts/" + account + "/quotas"),
            user.send("PUT", "/v1/accounts/" + account + "/quotas", "{}", Map.of()),
            user.get("/v1/usage?accountId=" + account))) {
      assertThat(answer.status()).as(answer.body()).isEqualTo(403);
      assertThat(answer.code()).isEqualTo("NoPermission");
    }
    assertThat(server.bean(AccessKeys.class).of(new AccountId(account))).hasSize(1);
  }

  @Test
  void anAccountIsMadeGetsKeysAndLosesThem() {
    String account = newAccount("rest-keys");
    String keys = "/v1/accounts/" + account + "/access-keys";
    JsonNode key = checked("CreateAccessKey", operator.post(keys, "{}"));
    TestServer.Key made =
        new TestServer.Key(
            new AccountId(account),
            key.path("accessKeyId").asString(),
            key.path("accessKeySecret").asString());
    RestClient user = new RestClient(server.endpoint(), made);
    user.get("/v1/container-groups").ok();
    assertThat(user.get("/v1/hosts").status()).isEqualTo(403);

    RestClient.Answer listed = operator.get(keys);
    assertThat(checked("ListAccessKeys", listed).path("accessKeys"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.path("accessKeyId").asString()).isEqualTo(made.id());
              assertThat(row.path("status").asString()).isEqualTo("Active");
            });
    assertThat(listed.body()).doesNotContain(made.secret());

    checked("DeleteAccessKey", operator.delete(keys + "/" + made.id()));
    assertThat(user.get("/v1/container-groups").status()).isEqualTo(401);
    RestClient.Answer again = operator.delete(keys + "/" + made.id());
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.wrongFields()).containsExactly("accessKeyId");
    assertThat(checked("ListAccessKeys", operator.get(keys)).path("accessKeys")).isEmpty();
  }

  @Test
  void aKeyOfAnotherAccountIsNotDeletedByMistake() {
    TestServer.Key other = server.newAccount();
    String account = newAccount("rest-other-keys");
    assertThat(
            operator
                .delete("/v1/accounts/%s/access-keys/%s".formatted(account, other.id()))
                .status())
        .isEqualTo(404);
    new RestClient(server.endpoint(), other).get("/v1/regions").ok();
  }

  @Test
  void aKeyCannotDeleteItself() {
    TestServer.Key key = server.operator();
    RestClient.Answer answer =
        operator.delete("/v1/accounts/%s/access-keys/%s".formatted(key.account(), key.id()));
    assertThat(answer.code()).isEqualTo("OperationConflict");
    operator.get("/v1/regions").ok();
  }

  @Test
  void anAccountHasSoManyKeysAndNoMore() {
    String keys = "/v1/accounts/" + newAccount("rest-many-keys") + "/access-keys";
    for (int i = 0; i < AccessKeys.MOST_OF_AN_ACCOUNT; i++) {
      operator.post(keys, "{}").ok();
    }
    RestClient.Answer answer = operator.post(keys, "{}");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.code()).isEqualTo("QuotaExceeded");
  }

  @Test
  void aReplayedRequestMakesNoSecondKey() {
    String keys = "/v1/accounts/" + newAccount("rest-replay") + "/access-keys";
    Map<String, String> headers = operator.sign("POST", keys, "{}", Map.of());
    operator.exchange("POST", keys, "{}", headers).ok();
    assertThat(operator.exchange("POST", keys, "{}", headers).code())
        .isEqualTo("SignatureNonceUsed");
    assertThat(operator.get(keys).json().path("accessKeys")).hasSize(1);
  }

  @Test
  void namesOfAccountsAreUniqueAndPrintable() {
    newAccount("rest-name");
    RestClient.Answer taken = operator.post("/v1/accounts", "{\"name\":\"rest-name\"}");
    assertThat(taken.code()).isEqualTo("InvalidParameter.DuplicatedName");
    for (String name : List.of("", " x", "a\\nb", "n".repeat(65))) {
      RestClient.Answer answer = operator.post("/v1/accounts", "{\"name\":\"%s\"}".formatted(name));
      assertThat(answer.status()).as(name).isEqualTo(400);
      assertThat(answer.wrongFields()).containsExactly("name");
    }
    assertThat(operator.get("/v1/accounts/acct-nobody/access-keys").wrongFields())
        .containsExactly("accountId");
  }

  @Test
  void theQuotasOfAnAccountAreSetAndTakenBack() {
    TestServer.Key key = server.newAccount();
    RestClient user = new RestClient(server.endpoint(), key);
    String path = "/v1/accounts/" + key.account() + "/quotas";
    JsonNode set =
        checked(
            "SetAccountQuotas",
            operator.send("PUT", path, "{\"maxCpu\": 1, \"regionId\": \"cn-hangzhou\"}", Map.of()));
    assertThat(quota(set, "MaxCpu")).isEqualTo("1 true");
    assertThat(quota(set, "MaxContainerGroup")).isEqualTo("2000 false");
    assertThat(checked("ListAccountQuotas", operator.get(path)).path("quotas"))
        .isEqualTo(set.path("quotas"));
    assertThat(checked("ListUsage", user.get("/v1/quotas")).path("quotas"))
        .isEqualTo(set.path("quotas"));

    String group =
        "{\"containerGroupName\":\"quota\",\"cpu\":2,\"memory\":4,"
            + "\"container\":[{\"name\":\"c\",\"image\":\"i\"}]}";
    RestClient.Answer refused = user.post("/v1/container-groups", group);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("QuotaExceeded");
    assertThat(refused.json().path("detail").asString()).contains("MaxCpu", "1 vCPU", "2 more");

    JsonNode taken = checked("SetAccountQuotas", operator.send("PUT", path, "{}", Map.of()));
    assertThat(quota(taken, "MaxCpu")).isEqualTo("1000 false");
    String id =
        user.post("/v1/container-groups", group).ok().json().path("containerGroupId").asString();
    assertThat(quota(user.get("/v1/quotas").ok().json(), "MaxCpu")).isEqualTo("1000 false");
    assertThat(user.get("/v1/quotas").json().path("quotas").path(0).path("used").asInt())
        .isEqualTo(2);
    user.delete("/v1/container-groups/" + id).ok();

    assertThat(operator.get("/v1/accounts/acct-nobody/quotas").wrongFields())
        .containsExactly("accountId");
    assertThat(operator.send("PUT", "/v1/accounts/acct-nobody/quotas", "{}", Map.of()).status())
        .isEqualTo(404);
  }

  private static String quota(JsonNode answer, String name) {
    for (JsonNode quota : answer.path("quotas")) {
      if (quota.path("quota").asString().equals(name)) {
        return quota.path("maximum").asString() + " " + quota.path("own").asString();
      }
    }
    throw new AssertionError(answer + " has no " + name);
  }

  @Test
  void priceAndStockOfASizeAreTold() {
    RestClient user = new RestClient(server.endpoint(), server.newAccount());
    JsonNode price =
        checked(
            "DescribeContainerGroupPrice", user.get("/v1/container-group-price?cpu=2&memory=4"));
    assertThat(price.path("priceInfo").path("price").path("tradePrice").decimalValue())
        .isEqualByComparingTo("0.00012252");
    JsonNode stock =
        checked("DescribeAvailableResource", user.get("/v1/available-resources?cpu=60&memory=100"));
    assertThat(stock.path("cpu").asInt()).isEqualTo(64);
    assertThat(stock.path("zones")).hasSize(6);
    assertThat(stock.path("zones").path(0).path("status").asString())
        .isEqualTo("ClosedWithoutStock");
  }

  @Test
  void accountsAreListedPageByPage() {
    List<String> made = List.of(newAccount("rest-a"), newAccount("rest-b"), newAccount("rest-c"));
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          checked(
              "ListAccounts",
              operator.get(
                  "/v1/accounts?limit=2" + (token.isEmpty() ? "" : "&nextToken=" + token)));
      page.path("accounts").forEach(row -> seen.add(row.path("accountId").asString()));
      token = page.path("nextToken").asString();
    } while (!token.isEmpty());
    assertThat(seen).doesNotHaveDuplicates().containsAll(made);
    assertThat(seen).contains(server.operator().account().value());
  }

  @Test
  void hostsSayWhatTheyHaveAndWhatIsTaken() {
    RestClient user = new RestClient(server.endpoint(), server.newAccount());
    String id =
        user.post(
                "/v1/container-groups",
                "{\"containerGroupName\":\"on-a-host\",\"cpu\":2,\"memory\":4,"
                    + "\"container\":[{\"name\":\"c\",\"image\":\"i\"}]}")
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    Waiting.until(
        "the group runs",
        () ->
            user.get("/v1/container-groups/" + id)
                .json()
                .path("status")
                .asString()
                .equals("Running"));
    List<JsonNode> hosts = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          checked(
              "ListHosts",
              operator.get("/v1/hosts?limit=3" + (token.isEmpty() ? "" : "&nextToken=" + token)));
      page.path("hosts").forEach(hosts::add);
      token = page.path("nextToken").asString();
    } while (!token.isEmpty());
    assertThat(hosts).hasSize(4);
    List<JsonNode> shards = new ArrayList<>();
    checked("ListShards", operator.get("/v1/shards")).path("shards").forEach(shards::add);
    assertThat(shards)
        .isNotEmpty()
        .allSatisfy(
            shard -> {
              assertThat(shard.path("holder").asString())
                  .startsWith(ProcessHandle.current().pid() + "-");
              assertThat(shard.path("epoch").asInt()).isPositive();
            });
    assertThat(shards.stream().mapToInt(shard -> shard.path("hosts").asInt()).sum()).isEqualTo(4);
    assertThat(hosts)
        .allSatisfy(host -> assertThat(host.path("allocatable").path("cpu").asInt()).isEqualTo(32));
    assertThat(hosts)
        .anySatisfy(
            host -> {
              assertThat(host.path("containerGroups").asInt()).isPositive();
              assertThat(host.path("reserved").path("cpu").asDouble()).isGreaterThanOrEqualTo(2);
            });
    assertThat(hosts)
        .allSatisfy(
            host -> {
              assertThat(host.path("groupBound").asBoolean()).isTrue();
              assertThat(host.has("groupUnboundReason")).isFalse();
            });
    String account =
        server
            .jdbc()
            .queryForObject(
                "select account_id from container_group where id = ?", String.class, id);
    Waiting.until(
        "the operator sees what others use",
        () ->
            checked("DescribeUsage", operator.get("/v1/usage?accountId=" + account))
                    .path("groups")
                    .size()
                == 1);
    user.delete("/v1/container-groups/" + id).ok();
  }
}
