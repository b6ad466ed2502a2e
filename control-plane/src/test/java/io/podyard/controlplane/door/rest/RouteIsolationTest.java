package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.account.AccessKeys;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What another account, the operator's included, can see of an account's groups and do to them at
 * this door: nothing, but that the operator may ask where they are placed. Each operation has its
 * case; one without fails the test.
 */
class RouteIsolationTest {

  private static final String GROUPS = "/v1/container-groups";
  private static final String ENDED = "/v1/ended-container-groups";

  private static final String VOLUMES = "/v1/volumes";
  private static final String VSWITCHES = "/v1/vswitches";
  private static final String CACHES = "/v1/image-caches";
  private static final String DATA = "/v1/data-caches";

  private static final String GROUP =
      """
      {
        "containerGroupName": "private",
        "cpu": 0.25,
        "memory": 0.5,
        "terminationGracePeriodSeconds": 2,
        "clientToken": "%s",
        "container": [
          {"name": "main", "image": "registry.test/shell:1", "command": ["sh", "-c"],
           "arg": ["echo private; sleep infinity"]}
        ],
        "volume": [
          {"name": "data", "type": "FlexVolume",
           "flexVolume": {"driver": "alicloud/disk",
                          "options": "{\\"volumeSize\\": 20, \\"deleteWithInstance\\": true}"}}
        ],
        "tag": [{"key": "private", "value": "yes"}]
      }
      """;

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();
  private final RestClient owner = new RestClient(server.endpoint(), key);
  private final Map<String, BiConsumer<RestClient, Boolean>> cases = new LinkedHashMap<>();

  /** A group that runs, and one whose record is over. */
  private String id = "";

  private String ended = "";

  @BeforeEach
  void createGroups() {
    ended = create(owner, "ended-token");
    awaitRunning(ended);
    end(owner, ended);
    id = create(owner, "rest-one-token");
    awaitRunning(id);
    ofGroups();
    ofBatches();
    ofTemplates();
    ofContainersAndTags();
    ofUsageAndAdministration();
    owner
        .put(
            "/v1/budgets/owners-budget",
            "{\"amount\": 7, \"currency\": \"CNY\", \"thresholds\": [100]}")
        .ok();
  }

  @AfterEach
  void deleteGroup() {
    end(owner, id);
    owner.delete(VSWITCHES + "/vsw-" + id).ok();
  }

  private static String create(RestClient client, String token) {
    return client
        .post(GROUPS, GROUP.formatted(token))
        .ok()
        .json()
        .path("containerGroupId")
        .asString();
  }

  private void awaitRunning(String group) {
    Waiting.until(
        group + " runs",
        () -> owner.get(GROUPS + "/" + group).json().path("status").asString().equals("Running"));
  }

  private static void end(RestClient client, String group) {
    client.delete(GROUPS + "/" + group + "?force=true").ok();
    Waiting.until(
        group + " has ended",
        () -> client.get(GROUPS + "/" + group).ok().json().path("ended").asBoolean());
  }

  /** The disk of the group that runs. */
  private String disk() {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select id from persistent_volume where attached_to = ?", String.class, id));
  }

  /** Everything stored of the account. */
  private String stored() {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                """
                select jsonb_build_array(
                  (select jsonb_agg(to_jsonb(g) order by g.id)
                   from container_group g where g.account_id = a.id),
                  (select jsonb_agg(to_jsonb(h) order by h.id)
                   from container_group_history h where h.account_id = a.id),
                  (select jsonb_agg(e order by e.group_id, e.reason, e.message_digest)
                   from group_event e where e.account_id = a.id),
                  (select jsonb_agg(x order by x.id)
                   from exec_session x where x.account_id = a.id),
                  (select jsonb_agg(v order by v.id)
                   from persistent_volume v
                   where v.account_id = a.id and v.deleting_at is null),
                  (select jsonb_agg(w order by w.id)
                   from vswitch w where w.account_id = a.id),
                  (select jsonb_agg(k order by k.id)
                   from access_key k where k.account_id = a.id))::text
                from account a where a.id = ?
                """,
                String.class,
                key.account().value()));
  }

  @Test
  void anotherAccountSeesNothingAndChangesNothing() {
    tryEverything(new RestClient(server.endpoint(), server.newAccount()), false);
  }

  @Test
  void theOperatorAdministersAccountsAndSeesNoGroupOfOthers() {
    tryEverything(new RestClient(server.endpoint(), server.operator()), true);
  }

  private void tryEverything(RestClient stranger, boolean operator) {
    String before = stored();
    List<String> tried = new ArrayList<>();
    for (Route route : server.bean(Routes.class).all()) {
      assertThat(cases).as("each operation has its case").containsKey(route.operationId());
      Objects.requireNonNull(cases.get(route.operationId())).accept(stranger, operator);
      assertThat(stored()).as("after %s", route.operationId()).isEqualTo(before);
      tried.add(route.operationId());
    }
    assertThat(tried).containsExactlyInAnyOrderElementsOf(cases.keySet());
    assertThat(owner.get(GROUPS + "/" + id).json().path("status").asString()).isEqualTo("Running");
  }

  private void ofGroups() {
    cases.put(
        "CreateContainerGroup",
        (stranger, operator) -> {
          // The same request with the same token, but of somebody else.
          String own = create(stranger, "rest-one-token");
          assertThat(own).isNotEqualTo(id);
          end(stranger, own);
        });
    cases.put(
        "DescribeContainerGroups",
        (stranger, operator) -> {
          for (String query :
              List.of(
                  "",
                  "?containerGroupIds=" + id,
                  "?containerGroupName=private",
                  "?status=Running",
                  "?tag=private",
                  "?regionId=cn-hangzhou")) {
            assertThat(stranger.get(GROUPS + query).ok().body()).as(query).doesNotContain(id);
          }
        });
    cases.put(
        "ListEndedContainerGroups",
        (stranger, operator) -> {
          assertThat(owner.get(ENDED).ok().body()).contains(ended);
          for (String query :
              List.of(
                  "",
                  "?containerGroupName=private",
                  "?status=Deleted",
                  "?nextToken=zzz",
                  "?from=2020-01-01T00:00:00Z&to=2999-01-01T00:00:00Z")) {
            assertThat(stranger.get(ENDED + query).ok().body())
                .as(query)
                .doesNotContain(ended)
                .doesNotContain(id);
          }
        });
    cases.put("DescribeContainerGroup", (stranger, operator) -> unknown(stranger, "GET", ""));
    cases.put(
        "DescribeContainerGroupEvents",
        (stranger, operator) -> {
          unknown(stranger, "GET", "/events");
          unknown(stranger, "GET", "/events?eventSource=EciService");
        });
    cases.put(
        "FollowContainerGroup", (stranger, operator) -> unknown(stranger, "GET", "/event-stream"));
    cases.put(
        "DescribeContainerGroupStatus",
        (stranger, operator) -> {
          for (String query : List.of("", "?containerGroupIds=" + id, "?tag=private")) {
            assertThat(stranger.get("/v1/container-group-statuses" + query).ok().body())
                .as(query)
                .doesNotContain(id);
          }
        });
    cases.put(
        "DescribeContainerGroupMetric",
        (stranger, operator) -> {
          unknown(stranger, "GET", "/metrics");
          unknown(stranger, "GET", "/metrics?startTime=" + Instant.now().minusSeconds(60));
        });
    cases.put(
        "DescribeMultiContainerGroupMetric",
        (stranger, operator) -> {
          String path = "/v1/container-group-metrics?containerGroupIds=" + id + "," + ended;
          assertThat(owner.get(path).ok().body()).contains(id, ended);
          assertThat(stranger.get(path).ok().json().path("monitorDatas")).isEmpty();
        });
    cases.put(
        "UpdateContainerGroup",
        (stranger, operator) -> {
          for (String group : List.of(id, ended)) {
            notFound(
                stranger.send(
                    "PATCH", GROUPS + "/" + group, "{\"restartPolicy\":\"Never\"}", Map.of()));
          }
        });
    cases.put(
        "RestartContainerGroup",
        (stranger, operator) -> {
          for (String group : List.of(id, ended)) {
            notFound(stranger.post(GROUPS + "/" + group + "/restart", "{}"));
          }
        });
    cases.put(
        "ResizeContainerGroupEphemeralStorage",
        (stranger, operator) -> {
          for (String group : List.of(id, ended)) {
            notFound(
                stranger.post(GROUPS + "/" + group + "/ephemeral-storage", "{\"newSize\": 7}"));
          }
        });
    cases.put(
        "ResizeContainerGroupVolume",
        (stranger, operator) -> {
          for (String group : List.of(id, ended)) {
            notFound(
                stranger.post(GROUPS + "/" + group + "/volumes/data/resize", "{\"newSize\": 40}"));
          }
        });
    cases.put(
        "ListVolumes",
        (stranger, operator) -> {
          assertThat(owner.get(VOLUMES).ok().body()).contains(disk());
          for (String query : List.of("", "?regionId=cn-hangzhou", "?limit=100")) {
            assertThat(stranger.get(VOLUMES + query).ok().body()).as(query).doesNotContain(disk());
          }
        });
    for (String method : List.of("GET", "DELETE")) {
      cases.put(
          method.equals("GET") ? "DescribeVolume" : "DeleteVolume",
          (stranger, operator) -> {
            RestClient.Answer foreign =
                stranger.send(method, VOLUMES + "/" + disk(), null, Map.of());
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.code()).isEqualTo("InvalidDiskId.NotFound");
          });
    }
    ofVSwitches();
    ofImageCaches();
    ofDataCaches();
    cases.put(
        "DeleteContainerGroup",
        (stranger, operator) -> {
          unknown(stranger, "DELETE", "");
          unknown(stranger, "DELETE", "?force=true");
          unknown(stranger, "DELETE", "?clientToken=rest-one-token");
        });
  }

  private void ofImageCaches() {
    String cache =
        owner
            .post(
                CACHES,
                "{\"imageCacheName\": \"private\", \"image\": [\"registry.test/private:1\"],"
                    + " \"clientToken\": \"cache-"
                    + id
                    + "\"}")
            .ok()
            .json()
            .path("imageCacheId")
            .asString();
    cases.put(
        "CreateImageCache",
        (stranger, operator) ->
            assertThat(
                    stranger
                        .post(
                            CACHES,
                            "{\"imageCacheName\": \"own\", \"image\": [\"registry.test/own:1\"],"
                                + " \"clientToken\": \"cache-"
                                + id
                                + "\"}")
                        .ok()
                        .body())
                .doesNotContain(cache));
    cases.put(
        "DescribeImageCaches",
        (stranger, operator) -> {
          assertThat(owner.get(CACHES).ok().body()).contains(cache);
          for (String query :
              List.of(
                  "",
                  "?imageCacheId=" + cache,
                  "?snapshotId=" + cache + ".1",
                  "?matchImage=registry.test/private:1",
                  "?image=registry.test/private:1")) {
            assertThat(stranger.get(CACHES + query).ok().body()).as(query).doesNotContain(cache);
          }
        });
    cases.put(
        "DescribeImageCache",
        (stranger, operator) -> {
          assertThat(owner.get(CACHES + "/" + cache).ok().body()).contains(cache);
          notFound(stranger.get(CACHES + "/" + cache));
        });
    cases.put(
        "UpdateImageCache",
        (stranger, operator) ->
            notFound(
                stranger.send(
                    "PATCH", CACHES + "/" + cache, "{\"imageCacheName\": \"mine\"}", Map.of())));
    cases.put(
        "DeleteImageCache",
        (stranger, operator) -> notFound(stranger.delete(CACHES + "/" + cache)));
  }

  private void ofDataCaches() {
    String body =
        """
        {"path": "/%s", "dataSource": {"type": "URL", "options": {"url": "http://files.test/1MiB"}}}
        """
            .formatted(id);
    String cache = owner.post(DATA, body).ok().json().path("dataCacheId").asString();
    cases.put(
        "CreateDataCache",
        (stranger, operator) ->
            assertThat(stranger.post(DATA, body).ok().body()).doesNotContain(cache));
    cases.put(
        "DescribeDataCaches",
        (stranger, operator) -> {
          assertThat(owner.get(DATA).ok().body()).contains(cache);
          for (String query : List.of("", "?dataCacheId=" + cache, "?path=/" + id)) {
            assertThat(stranger.get(DATA + query).ok().body()).as(query).doesNotContain(cache);
          }
        });
    cases.put(
        "DescribeDataCache",
        (stranger, operator) -> {
          assertThat(owner.get(DATA + "/" + cache).ok().body()).contains(cache);
          notFound(stranger.get(DATA + "/" + cache));
        });
    cases.put(
        "UpdateDataCache",
        (stranger, operator) ->
            notFound(stranger.send("PATCH", DATA + "/" + cache, "{\"name\": \"mine\"}", Map.of())));
    cases.put(
        "CopyDataCache",
        (stranger, operator) ->
            notFound(
                stranger.post(
                    DATA + "/" + cache + "/copy",
                    "{\"destinationRegionId\": \"cn-hangzhou\", \"path\": \"/mine\"}")));
    cases.put(
        "DeleteDataCache", (stranger, operator) -> notFound(stranger.delete(DATA + "/" + cache)));
  }

  private void ofVSwitches() {
    String range = "10.88." + Math.floorMod(id.hashCode(), 256) + ".0/24";
    String vSwitch = "vsw-" + id;
    String body = "{\"vSwitchId\": \"" + vSwitch + "\", \"cidrBlock\": \"%s\"}";
    owner.post(VSWITCHES, body.formatted(range)).ok();
    cases.put(
        "CreateVSwitch",
        (stranger, operator) -> {
          RestClient.Answer overlaps =
              stranger.post(VSWITCHES, "{\"cidrBlock\": \"" + range + "\"}");
          assertThat(overlaps.status()).isEqualTo(400);
          assertThat(overlaps.code()).isEqualTo("OperationConflict");
          assertThat(overlaps.body()).doesNotContain(vSwitch);
          // The same id, but of somebody else.
          stranger.post(VSWITCHES, "{\"vSwitchId\": \"" + vSwitch + "\"}").ok();
          stranger.delete(VSWITCHES + "/" + vSwitch).ok();
        });
    cases.put(
        "ListVSwitches",
        (stranger, operator) -> {
          assertThat(owner.get(VSWITCHES).ok().body()).contains(vSwitch);
          for (String query : List.of("", "?regionId=cn-hangzhou", "?nextToken=a")) {
            assertThat(stranger.get(VSWITCHES + query).ok().body())
                .as(query)
                .doesNotContain(vSwitch);
          }
        });
    Map.of("DescribeVSwitch", "GET", "UpdateVSwitch", "PATCH", "DeleteVSwitch", "DELETE")
        .forEach(
            (operation, method) ->
                cases.put(
                    operation,
                    (stranger, operator) ->
                        notFound(
                            stranger.send(
                                method,
                                VSWITCHES + "/" + vSwitch,
                                method.equals("PATCH") ? "{\"vSwitchName\": \"mine\"}" : null,
                                Map.of()))));
  }

  private void ofBatches() {
    String request =
        """
        {"containerGroupName": "private", "cpu": 0.25, "memory": 0.5, "amount": 2,
         "clientToken": "rest-one-token",
         "container": [{"name": "main", "image": "registry.test/shell:1"}]}
        """;
    cases.put(
        "BatchCreateContainerGroups",
        (stranger, operator) -> {
          RestClient.Answer made = stranger.post("/v1/container-group-batches", request).ok();
          assertThat(made.body()).doesNotContain(id);
          for (JsonNode own : made.json().path("containerGroupIds")) {
            end(stranger, own.asString());
          }
        });
    cases.put(
        "DeleteContainerGroups",
        (stranger, operator) -> {
          RestClient.Answer answer =
              stranger
                  .post(
                      "/v1/container-group-deletions",
                      "{\"containerGroupIds\": [\"%s\", \"%s\", \"eci-unknown\"]}"
                          .formatted(id, ended))
                  .ok();
          assertThat(answer.json().path("instanceResponseSet"))
              .hasSize(3)
              .allMatch(one -> one.path("code").asString().equals("InvalidParameter.NotFound"));
        });
  }

  private void ofTemplates() {
    String templates = "/v1/container-group-templates/";
    cases.put(
        "ExportContainerGroupTemplate",
        (stranger, operator) -> {
          for (String group : List.of(id, ended)) {
            notFound(stranger.get(templates + group));
          }
        });
    cases.put(
        "CreateContainerGroupFromTemplate",
        (stranger, operator) ->
            assertThat(stranger.post(templates + "create", "{\"template\":\"{}\"}").status())
                .isEqualTo(400));
    cases.put(
        "UpdateContainerGroupByTemplate",
        (stranger, operator) ->
            assertThat(
                    stranger
                        .post(
                            templates + "update",
                            "{\"template\":\"{\\\"ContainerGroupName\\\":\\\"private\\\"}\"}")
                        .code())
                .isEqualTo("InvalidParameter.NotFound"));
  }

  private void ofContainersAndTags() {
    String tags = "/v1/tags?resourceType=ContainerGroup";
    cases.put(
        "DescribeContainerLog",
        (stranger, operator) -> {
          unknown(stranger, "GET", "/containers/main/log");
          unknown(stranger, "GET", "/containers/main/log?lastTime=true");
        });
    cases.put(
        "ExecContainerCommand",
        (stranger, operator) -> {
          for (String group : List.of(id, ended)) {
            notFound(
                stranger.post(
                    GROUPS + "/" + group + "/containers/main/exec",
                    "{\"command\":[\"true\"],\"sync\":true}"));
            notFound(
                stranger.post(
                    GROUPS + "/" + group + "/containers/main/exec", "{\"command\":[\"true\"]}"));
          }
        });
    cases.put(
        "CommitContainer",
        (stranger, operator) -> {
          for (String group : List.of(id, ended)) {
            notFound(
                stranger.post(
                    GROUPS + "/" + group + "/containers/main/commit",
                    "{\"image\":{\"repository\":\"registry.test/stolen\",\"tag\":\"1\"}}"));
          }
        });
    cases.put(
        "DescribeCommitContainerTask",
        (stranger, operator) -> {
          String task =
              owner
                  .post(
                      GROUPS + "/" + id + "/containers/main/commit",
                      "{\"image\":{\"repository\":\"registry.test/own\",\"tag\":\"1\"}}")
                  .ok()
                  .json()
                  .path("taskId")
                  .asString();
          assertThat(owner.get("/v1/commit-tasks").ok().body()).contains(task);
          for (String query :
              List.of("", "?taskId=" + task, "?containerGroupId=" + id, "?maxResults=50")) {
            assertThat(stranger.get("/v1/commit-tasks" + query).ok().json().path("commitTasks"))
                .as(query)
                .isEmpty();
          }
        });
    cases.put(
        "CreateInstanceOpsTask",
        (stranger, operator) -> {
          for (String group : List.of(id, ended)) {
            RestClient.Answer answer =
                stranger.post(
                    GROUPS + "/" + group + "/ops-tasks",
                    "{\"opsType\":\"tcpdump\",\"opsValue\":\"{\\\"Enable\\\":true}\"}");
            assertThat(answer.status()).as(answer.body()).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("InvalidInstanceId.NotFound");
          }
        });
    cases.put(
        "DescribeInstanceOpsRecords",
        (stranger, operator) -> {
          for (String group : List.of(id, ended)) {
            assertThat(
                    stranger
                        .get(GROUPS + "/" + group + "/ops-records?opsType=tcpdump")
                        .ok()
                        .json()
                        .path("records"))
                .isEmpty();
          }
        });
    cases.put(
        "FollowContainerLog",
        (stranger, operator) -> {
          unknown(stranger, "GET", "/containers/main/logs");
          unknown(stranger, "GET", "/containers/main/logs?follow=true");
        });
    cases.put(
        "ListExecSessions", (stranger, operator) -> unknown(stranger, "GET", "/exec-sessions"));
    cases.put(
        "TagResources",
        (stranger, operator) ->
            notFound(
                stranger.post(
                    "/v1/tags",
                    """
                    {"resourceType": "ContainerGroup", "resourceId": ["%s"],
                     "tag": [{"key": "mine"}]}
                    """
                        .formatted(id))));
    cases.put(
        "UntagResources",
        (stranger, operator) -> {
          notFound(stranger.delete(tags + "&tagKey=private&resourceId=" + id));
          notFound(stranger.delete(tags + "&all=true&resourceId=" + id));
        });
    cases.put(
        "ListTagResources",
        (stranger, operator) -> {
          for (String query : List.of("&tag=private", "&resourceId=" + id)) {
            assertThat(stranger.get(tags + query).ok().json().path("tagResources"))
                .as(query)
                .isEmpty();
          }
        });
  }

  private void ofUsageAndAdministration() {
    String account = "/v1/accounts/" + key.account();
    cases.put(
        "DescribeRegions",
        (stranger, operator) ->
            assertThat(stranger.get("/v1/regions").ok().json().path("regions"))
                .isEqualTo(owner.get("/v1/regions").ok().json().path("regions")));
    cases.put(
        "DescribeUsage",
        (stranger, operator) -> {
          for (String group : List.of(id, ended)) {
            notFound(stranger.get("/v1/usage?containerGroupId=" + group));
            assertThat(stranger.get("/v1/usage?limit=100").ok().body()).doesNotContain(group);
          }
          // Whoever runs the installation may see what is to be paid, and only that.
          RestClient.Answer usage = stranger.get("/v1/usage?accountId=" + key.account());
          assertThat(usage.status()).isEqualTo(operator ? 200 : 403);
        });
    for (String operation :
        List.of(
            "DescribeBills",
            "DescribeBill",
            "ExportBillLines",
            "ExportBillFocus",
            "DescribeCosts",
            "ListAccountEvents")) {
      String month = Instant.now().toString().substring(0, 7);
      String path =
          switch (operation) {
            case "DescribeBills" -> "/v1/bills";
            case "DescribeBill" -> "/v1/bills/" + month + "?groupBy=group";
            case "ExportBillLines" -> "/v1/bills/" + month + "/lines";
            case "ExportBillFocus" -> "/v1/bills/" + month + "/focus";
            case "ListAccountEvents" -> "/v1/events";
            default -> "/v1/costs?groupBy=group";
          };
      cases.put(
          operation,
          (stranger, operator) -> {
            assertThat(stranger.get(path).ok().body())
                .doesNotContain(key.account().value())
                .doesNotContain(id)
                .doesNotContain(ended);
            // As with usage: whoever runs the installation sees what is to be paid.
            String of = (path.contains("?") ? "&" : "?") + "accountId=" + key.account();
            assertThat(stranger.get(path + of).status()).isEqualTo(operator ? 200 : 403);
          });
    }
    cases.put(
        "DescribeContainerGroupPrice",
        (stranger, operator) ->
            assertThat(stranger.get("/v1/container-group-price").ok().json().path("priceInfo"))
                .isEqualTo(owner.get("/v1/container-group-price").ok().json().path("priceInfo")));
    cases.put(
        "DescribeAvailableResource",
        (stranger, operator) ->
            assertThat(stranger.get("/v1/available-resources?cpu=2&memory=4").ok().body())
                .doesNotContain(id));
    cases.put(
        "ListUsage",
        (stranger, operator) ->
            assertThat(stranger.get("/v1/quotas").ok().json().path("accountId").asString())
                .isNotEqualTo(key.account().value()));
    cases.put(
        "ListBudgets",
        (stranger, operator) ->
            assertThat(stranger.get("/v1/budgets").ok().body()).doesNotContain("owners-budget"));
    cases.put(
        "DescribeBudget",
        (stranger, operator) -> notFound(stranger.get("/v1/budgets/owners-budget")));
    cases.put(
        "PutBudget",
        (stranger, operator) -> {
          stranger
              .put(
                  "/v1/budgets/owners-budget",
                  "{\"amount\": 1, \"currency\": \"EUR\", \"thresholds\": [1]}")
              .ok();
          assertThat(owner.get("/v1/budgets/owners-budget").ok().body()).contains("CNY");
          stranger.delete("/v1/budgets/owners-budget").ok();
        });
    cases.put(
        "DeleteBudget",
        (stranger, operator) -> {
          notFound(stranger.delete("/v1/budgets/owners-budget"));
          owner.get("/v1/budgets/owners-budget").ok();
        });
    cases.put(
        "ListAgreements",
        (stranger, operator) ->
            assertThat(stranger.get("/v1/agreements").ok().json().path("discounts"))
                .as("the owner has one")
                .isEmpty());
    cases.put(
        "ListAccountQuotas",
        (stranger, operator) -> allowed(operator, stranger.get(account + "/quotas")));
    cases.put(
        "SetAccountQuotas",
        (stranger, operator) -> {
          // What the operator sets is theirs to set; what is stored of groups stays.
          if (!operator) {
            denied(stranger.send("PUT", account + "/quotas", "{\"maxCpu\": 1}", Map.of()));
          }
        });
    cases.put(
        "CreateAccount",
        (stranger, operator) -> {
          if (!operator) {
            denied(stranger.post("/v1/accounts", "{\"name\":\"%s-own\"}".formatted(key.id())));
          }
        });
    cases.put(
        "ListAccounts",
        (stranger, operator) -> allowed(operator, stranger.get("/v1/accounts?limit=100")));
    cases.put(
        "CreateAccessKey",
        (stranger, operator) -> {
          // With a key the operator could act as the account: that is what administering is.
          if (!operator) {
            denied(stranger.post(account + "/access-keys", "{}"));
          }
        });
    cases.put(
        "ListAccessKeys",
        (stranger, operator) -> {
          RestClient.Answer keys = stranger.get(account + "/access-keys");
          allowed(operator, keys);
          assertThat(keys.body()).doesNotContain(key.secret());
        });
    cases.put(
        "DeleteAccessKey",
        (stranger, operator) -> {
          if (!operator) {
            denied(stranger.delete(account + "/access-keys/" + key.id()));
            assertThat(server.bean(AccessKeys.class).of(key.account())).hasSize(1);
          }
        });
    cases.put(
        "ListHosts",
        (stranger, operator) -> {
          RestClient.Answer hosts = stranger.get("/v1/hosts");
          allowed(operator, hosts);
          assertThat(hosts.body()).doesNotContain(id);
        });
    cases.put("ListShards", (stranger, operator) -> allowed(operator, stranger.get("/v1/shards")));
    cases.put(
        "DescribePlacement",
        (stranger, operator) -> {
          if (!operator) {
            unknown(stranger, "GET", "/placement");
            return;
          }
          for (String group : List.of(id, ended)) {
            assertThat(stranger.get(GROUPS + "/" + group + "/placement").ok().body())
                .contains(group)
                .doesNotContain("private");
          }
        });
    cases.put(
        "ListPlacements",
        (stranger, operator) -> allowed(operator, stranger.get("/v1/placements")));
    cases.put(
        "ExplainPlacement",
        (stranger, operator) ->
            allowed(
                operator, stranger.post("/v1/placements/explain", "{\"cpu\": 1, \"memory\": 2}")));
    for (String operation :
        List.of(
            "ListZones",
            "PutZone",
            "DeleteZone",
            "ListPools",
            "PutPool",
            "DeletePool",
            "PutHost",
            "DeleteHost",
            "ListSpotPrices",
            "AddSpotPrice",
            "ListPrices",
            "ImportPrices",
            "ListPriceChanges",
            "SetArrearage",
            "ListAccountAgreements",
            "PutAccountAgreements",
            "ListAgreementChanges")) {
      cases.put(
          operation,
          (stranger, operator) -> {
            if (operator) {
              return;
            }
            denied(
                switch (operation) {
                  case "ListZones" -> stranger.get("/v1/zones");
                  case "PutZone" -> stranger.put("/v1/regions/r/zones/z", "{}");
                  case "DeleteZone" -> stranger.delete("/v1/regions/r/zones/z");
                  case "ListPools" -> stranger.get("/v1/pools");
                  case "PutPool" -> stranger.put("/v1/pools/p", "{}");
                  case "DeletePool" -> stranger.delete("/v1/pools/p");
                  case "ListSpotPrices" -> stranger.get("/v1/spot-prices");
                  case "ListPrices" -> stranger.get("/v1/prices");
                  case "ImportPrices" -> stranger.put("/v1/prices", "{}");
                  case "ListPriceChanges" -> stranger.get("/v1/price-changes");
                  case "SetArrearage" -> stranger.put(account + "/arrearage", "{}");
                  case "ListAccountAgreements" -> stranger.get(account + "/agreements");
                  case "PutAccountAgreements" -> stranger.put(account + "/agreements", "{}");
                  case "ListAgreementChanges" -> stranger.get(account + "/agreement-changes");
                  case "AddSpotPrice" -> stranger.put("/v1/spot-prices", "{}");
                  case "PutHost" -> stranger.put("/v1/hosts/h", "{}");
                  default -> stranger.delete("/v1/hosts/h");
                });
          });
    }
    for (String operation :
        List.of("GetHost", "CordonHost", "UncordonHost", "DrainHost", "DeclareHostLost")) {
      cases.put(
          operation,
          (stranger, operator) -> {
            if (operator) {
              return;
            }
            String host = "/v1/hosts/" + server.runtimes().keySet().iterator().next();
            denied(
                switch (operation) {
                  case "GetHost" -> stranger.get(host);
                  case "CordonHost" -> stranger.post(host + "/cordon", "{}");
                  case "DrainHost" -> stranger.post(host + "/drain", "{\"deadlineSeconds\": 60}");
                  case "DeclareHostLost" -> stranger.post(host + "/lost", "{}");
                  default -> stranger.post(host + "/uncordon", "{}");
                });
          });
    }
  }

  /** Of the running group and of the one that has ended, neither is known to the stranger. */
  private void unknown(RestClient stranger, String method, String rest) {
    for (String group : List.of(id, ended)) {
      notFound(stranger.send(method, GROUPS + "/" + group + rest, null, Map.of()));
    }
  }

  private static void notFound(RestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(404);
    assertThat(answer.code()).isEqualTo("InvalidParameter.NotFound");
    JsonNode body = answer.json();
    assertThat(body.path("detail").asString()).doesNotContain("private");
  }

  private static void denied(RestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(answer.code()).isEqualTo("NoPermission");
  }

  private static void allowed(boolean operator, RestClient.Answer answer) {
    if (operator) {
      answer.ok();
    } else {
      denied(answer);
    }
  }
}
