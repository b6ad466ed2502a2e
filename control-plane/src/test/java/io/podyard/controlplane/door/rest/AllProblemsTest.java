package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One answer names every wrong field, whoever found it, as it was sent. */
class AllProblemsTest {

  private final TestServer server = TestServer.shared();
  private final RestClient operator = new RestClient(server.endpoint(), server.operator());

  /** In each request, some of it is wrong by its form and some by its meaning. */
  static Stream<Arguments> requests() {
    return Stream.of(
        post(
            "/container-groups",
            """
            {"x": 1, "cpu": "two", "containerGroupName": "UPPER", "container": [null, {"name": "c"}],
             "dataCacheBucket": "models"}
            """,
            "container[1].image",
            "containerGroupName",
            "cpu",
            "dataCacheBucket",
            "x"),
        get(
            "/container-groups?x=1&withEvent=perhaps&limit=0&status=Gone&tag=a&tag=&tag=a",
            "limit",
            "status",
            "tag[1].key",
            "tag[2].key",
            "withEvent",
            "x"),
        request(
            "DELETE",
            "/container-groups/a%20b?x=1&force=perhaps&regionId=mars",
            null,
            "containerGroupId",
            "force",
            "regionId",
            "x"),
        get("/container-groups/a%20b?x=1", "containerGroupId", "x"),
        get(
            "/container-groups/a%20b/events?x=1&eventSource=Nobody",
            "containerGroupId", "eventSource", "x"),
        get(
            "/container-groups/a%20b/containers/c/log?x=1&startTime=yesterday&tail=0",
            "containerGroupId", "startTime", "tail", "x"),
        post(
            "/container-groups/eci-1/containers/c/exec",
            """
            {"x": 1, "command": [""], "sync": 1, "tty": "perhaps", "regionId": "mars"}
            """,
            "command",
            "regionId",
            "sync",
            "tty",
            "x"),
        get(
            "/container-groups/a%20b/metrics?x=1&period=61&startTime=yesterday&ownerId=me",
            "containerGroupId", "ownerId", "period", "startTime", "x"),
        get(
            "/container-group-metrics?x=1&containerGroupIds=a%20b&metricType=detail",
            "containerGroupIds", "metricType", "x"),
        post(
            "/container-groups/a%20b/volumes/data/resize",
            "{\"x\": 1, \"newSize\": 19, \"clientToken\": \"t\u00f6k\", \"regionId\": \"mars\"}",
            "clientToken",
            "containerGroupId",
            "newSize",
            "regionId",
            "x"),
        get(
            "/volumes?x=1&limit=0&nextToken=a&regionId=mars",
            "limit",
            "nextToken",
            "regionId",
            "x"),
        post(
            "/vswitches",
            """
            {"x": 1, "regionId": "mars", "vSwitchId": "a b", "cidrBlock": "10.0.0.0/30",
             "vSwitchName": "a\\u0007b"}
            """,
            "cidrBlock",
            "regionId",
            "vSwitchId",
            "vSwitchName",
            "x"),
        get(
            "/vswitches?x=1&limit=0&nextToken=a%20b&regionId=mars",
            "limit", "nextToken", "regionId", "x"),
        get("/vswitches/a%20b?x=1&regionId=mars", "regionId", "vSwitchId", "x"),
        request("DELETE", "/vswitches/a%20b?x=1&regionId=mars", null, "regionId", "vSwitchId", "x"),
        request(
            "PATCH",
            "/vswitches/a%20b",
            "{\"x\": 1, \"regionId\": \"mars\", \"vSwitchName\": \"a\\u0007b\"}",
            "regionId",
            "vSwitchId",
            "vSwitchName",
            "x"),
        request("PATCH", "/vswitches/vsw-1", "{\"regionId\": \"mars\"}", "regionId", "vSwitchName"),
        post(
            "/data-caches",
            """
            {"x": 1, "bucket": "UPPER", "size": 0, "retentionDays": 0, "regionId": "mars",
             "dataSource": {"type": "URL", "options": {"url": "ftp://a", "y": "z", "server": "b"}},
             "tag": [{"value": "v"}]}
            """,
            "bucket",
            "dataSource.options.url",
            "dataSource.options.server",
            "path",
            "regionId",
            "retentionDays",
            "size",
            "tag[0].key",
            "dataSource.options.y",
            "x"),
        get(
            "/data-caches?x=1&limit=0&nextToken=a&path=b&regionId=mars",
            "limit",
            "nextToken",
            "path",
            "regionId",
            "x"),
        get("/data-caches/a%20b?x=1&regionId=mars", "regionId", "x"),
        request(
            "PATCH",
            "/data-caches/a%20b",
            "{\"x\": 1, \"bucket\": \"UPPER\", \"size\": 0, \"regionId\": \"mars\"}",
            "bucket",
            "dataCacheId",
            "regionId",
            "size",
            "x"),
        post(
            "/data-caches/a%20b/copy",
            "{\"x\": 1, \"path\": \"b\", \"regionId\": \"mars\"}",
            "dataCacheId",
            "destinationRegionId",
            "path",
            "regionId",
            "x"),
        request(
            "DELETE",
            "/data-caches/a%20b?x=1&path=c&regionId=mars",
            null,
            "dataCacheId",
            "path",
            "regionId",
            "x"),
        post(
            "/image-caches",
            """
            {"x": 1, "image": ["UPPER", "a:1", "a:1"], "imageCacheSize": 0, "flash": 1,
             "imageRegistryCredential": [{"server": "http://r"}], "retentionDays": 0,
             "regionId": "mars", "tag": [{"value": "v"}]}
            """,
            "flash",
            "image[0]",
            "image[2]",
            "imageCacheName",
            "imageCacheSize",
            "imageRegistryCredential[0].password",
            "imageRegistryCredential[0].server",
            "imageRegistryCredential[0].userName",
            "regionId",
            "retentionDays",
            "tag[0].key",
            "x"),
        get(
            "/image-caches?x=1&limit=0&nextToken=a&matchImage=UPPER&regionId=mars",
            "limit",
            "matchImage[0]",
            "nextToken",
            "regionId",
            "x"),
        get("/image-caches/a%20b?x=1&regionId=mars", "regionId", "x"),
        request(
            "PATCH",
            "/image-caches/a%20b",
            "{\"x\": 1, \"image\": [\"UPPER\"], \"standardCopyCount\": 0, \"regionId\": \"mars\"}",
            "image[0]",
            "imageCacheId",
            "regionId",
            "standardCopyCount",
            "x"),
        request(
            "DELETE",
            "/image-caches/a%20b?x=1&regionId=mars",
            null,
            "imageCacheId",
            "regionId",
            "x"),
        post(
            "/container-groups/a%20b/containers/c/commit",
            "{\"x\": 1, \"image\": {\"repository\": \"UPPER\"}, \"regionId\": \"mars\"}",
            "containerGroupId",
            "image.repository",
            "image.tag",
            "regionId",
            "x"),
        post(
            "/container-groups/a%20b/ops-tasks",
            """
            {"x": 1, "opsType": "tcpdump", "regionId": "mars",
             "opsValue": "{\\"Enable\\":1,\\"Odd\\":2,\\"DestPort\\":0}"}
            """,
            "containerGroupId",
            "opsValue.DestPort",
            "opsValue.Enable",
            "opsValue.Odd",
            "regionId",
            "x"),
        get(
            "/container-groups/a%20b/ops-records?x=1&opsType=odd&regionId=mars",
            "containerGroupId", "opsType", "regionId", "x"),
        get(
            "/commit-tasks?x=1&maxResults=0&taskStatus=Odd&regionId=mars",
            "maxResults",
            "regionId",
            "taskStatus",
            "x"),
        post(
            "/tags",
            """
            {"x": 1, "ownerId": "me", "resourceType": "Odd", "resourceId": [null, "r"],
             "tag": [{"key": "same"}, null, {"key": "same"}]}
            """,
            "ownerId",
            "resourceType",
            "tag[2].key",
            "x"),
        request(
            "DELETE",
            "/tags?x=1&resourceType=Odd&resourceId=&resourceId=r&all=perhaps",
            null,
            "all",
            "resourceType",
            "x"),
        get(
            "/tags?x=1&ownerId=me&resourceType=Odd&limit=0",
            "limit",
            "ownerId",
            "resourceType",
            "x"),
        get(
            "/container-group-templates/a%20b?x=1&regionId=mars",
            "regionId", "containerGroupId", "x"),
        post(
            "/container-group-templates/create",
            "{\"x\": 1, \"template\": \"[]\", \"regionId\": \"mars\"}",
            "regionId",
            "template",
            "x"),
        post(
            "/container-group-batches",
            """
            {"x": 1, "amount": 0, "cpu": "two", "container": [null, {"name": "c"}]}
            """,
            "amount",
            "container[1].image",
            "containerGroupName",
            "cpu",
            "x"),
        post(
            "/container-groups/a%20b/ephemeral-storage",
            "{\"x\": 1, \"newSize\": -1, \"clientToken\": \"tök\"}",
            "clientToken",
            "containerGroupId",
            "newSize",
            "x"),
        post(
            "/container-group-deletions",
            "{\"x\": 1, \"containerGroupIds\": [], \"regionId\": \"mars\"}",
            "containerGroupIds",
            "regionId",
            "x"),
        get("/quotas?x=1&regionId=mars", "regionId", "x"),
        get(
            "/container-group-price?x=1&cpu=65&memory=much&zoneId=mars",
            "cpu",
            "memory",
            "zoneId",
            "x"),
        get(
            "/available-resources?x=1&memory=much&zoneId=mars&regionId=mars",
            "cpu",
            "memory",
            "regionId",
            "x"),
        get("/accounts/a/quotas?x=1&regionId=mars", "regionId", "x"),
        request(
            "PUT",
            "/accounts/a/quotas",
            """
            {"x": 1, "maxCpu": -1, "maxContainerGroup": 1.5, "maxDataCacheCount": "many",
             "regionId": "mars"}
            """,
            "regionId",
            "maxCpu",
            "maxContainerGroup",
            "maxDataCacheCount",
            "x"),
        get("/regions?x=1&ownerId=me&regionId=mars", "ownerId", "regionId", "x"),
        get(
            "/usage?x=1&from=yesterday&limit=0&containerGroupId=a%20b&accountId=acct-nobody",
            "accountId", "containerGroupId", "from", "limit", "x"),
        post("/accounts", "{\"x\": 1, \"name\": \"\"}", "name", "x"),
        get("/accounts?x=1&limit=0", "limit", "x"),
        get("/hosts?x=1&limit=0", "limit", "x"),
        get("/hosts/sim-0001?x=1", "x"),
        post(
            "/hosts/sim-0001/cordon",
            "{\"x\": 1, \"reason\": \"%s\"}".formatted("r".repeat(257)),
            "reason",
            "x"),
        post(
            "/hosts/sim-0001/drain",
            "{\"x\": 1, \"deadlineSeconds\": 2592001, \"reason\": \"%s\"}"
                .formatted("r".repeat(257)),
            "deadlineSeconds",
            "reason",
            "x"),
        post("/hosts/sim-0001/drain", "{\"x\": 1}", "deadlineSeconds", "x"),
        post("/hosts/sim-0001/lost", "{\"x\": 1}", "x"),
        post("/hosts/sim-0001/uncordon", "{\"x\": 1}", "x"),
        get(
            "/bills?x=1&accountId=a%20b&limit=0&nextToken=2026",
            "accountId", "limit", "nextToken", "x"),
        get(
            "/bills/2026-3?x=1&accountId=a%20b&limit=0&groupBy=tag:",
            "accountId", "groupBy", "limit", "month", "x"),
        get(
            "/events?x=1&accountId=a%20b&limit=0&nextToken=a",
            "accountId", "limit", "nextToken", "x"),
        get(
            "/bills/0000-01/lines?x=1&accountId=acct-nobody&format=xml",
            "accountId",
            "format",
            "month",
            "x"),
        get("/bills/march/focus?x=1&accountId=acct-nobody", "accountId", "month", "x"),
        get(
            "/costs?x=1&accountId=acct-nobody&limit=0&groupBy=week&from=yesterday&to=2026-03-01T00:00:01Z",
            "accountId",
            "from",
            "groupBy",
            "limit",
            "to",
            "x"),
        get("/spot-prices?x=1&regionId=cn-hangzhou&zoneId=mars&limit=0", "limit", "zoneId", "x"),
        request(
            "PUT",
            "/spot-prices",
            "{\"x\": 1, \"zoneId\": \"mars\", \"items\": \"disk\", \"share\": 1.5, \"validFrom\":"
                + " \"now\"}",
            "items",
            "share",
            "validFrom",
            "zoneId",
            "x"),
        get("/prices?x=1&regionId=a%20b&at=then", "at", "regionId", "x"),
        request(
            "PUT",
            "/prices",
            """
            {"x": 1, "dryRun": "perhaps", "prices": [{"region": "a*b", "item": "vcpu", "x": 1,
             "currency": "EUR", "perSecond": "1", "validFrom": "then"}]}
            """,
            "dryRun",
            "format",
            "prices[0].region",
            "prices[0].validFrom",
            "x",
            "prices[0].x"),
        request("PUT", "/prices", "{\"format\": \"podyard-price-book/1\"}", "prices"),
        get("/price-changes?x=1&limit=0&nextToken=a", "limit", "nextToken", "x"),
        request(
            "PUT", "/accounts/a/arrearage", "{\"x\": 1, \"overdue\": \"perhaps\"}", "overdue", "x"),
        request("PUT", "/accounts/a/arrearage", "{}", "overdue"),
        get("/budgets?x=1", "x"),
        get("/budgets/none?x=1", "x"),
        request("DELETE", "/budgets/none?x=1", null, "x"),
        request(
            "PUT",
            "/budgets/a%20b",
            """
            {"x": 1, "amount": 0, "currency": "YUAN", "thresholds": [0, 1001], "tagValue": "v",
             "webhookUrl": "ftp://hooks.test/"}
            """,
            "amount",
            "budgetName",
            "currency",
            "tagKey",
            "thresholds[0]",
            "thresholds[1]",
            "webhookUrl",
            "x"),
        request("PUT", "/budgets/b", "{}", "amount", "currency", "thresholds"),
        get("/agreements?x=1", "x"),
        get("/accounts/a/agreements?x=1", "x"),
        request(
            "PUT",
            "/accounts/a/agreements",
            """
            {"x": 1, "dryRun": "perhaps", "discounts": [{"id": "a b", "x": 1}],
             "savingsPlans": [null, {"id": "s", "currency": "CNY", "perHour": 1, "years": 2,
               "rates": [null, {"items": "disk"}], "from": "2090-01-01T00:00:00Z"}]}
            """,
            "discounts[0].id",
            "discounts[0].items",
            "discounts[0].share",
            "discounts[0].from",
            "dryRun",
            "format",
            "savingsPlans[1].years",
            "savingsPlans[1].rates[1].items",
            "savingsPlans[1].rates[1].share",
            "x",
            "discounts[0].x"),
        get("/accounts/a/agreement-changes?x=1&limit=0&nextToken=a", "limit", "nextToken", "x"),
        get("/zones?x=1", "x"),
        request("PUT", "/regions/a%20b/zones/c%20d", "{\"x\": 1}", "regionId", "zoneId", "x"),
        request("DELETE", "/regions/a%20b/zones/c%20d?x=1", null, "regionId", "zoneId", "x"),
        get("/pools?x=1", "x"),
        request(
            "PUT",
            "/pools/a%20b",
            "{\"x\": 1, \"runtime\": \"podman\", \"policy\": \"tight\", \"cpuOvercommit\": 0}",
            "poolId",
            "regionId",
            "runtime",
            "policy",
            "cpuOvercommit",
            "x"),
        request("DELETE", "/pools/a%20b?x=1", null, "poolId", "x"),
        request(
            "PUT",
            "/hosts/a%20b",
            """
            {"x": 1, "address": "here", "cpu": 0, "memory": 1.2345, "disk": -1, "gpus": 65,
             "instanceType": "%s", "labels": "ssd", "cordoned": true}
            """
                .formatted("t".repeat(129)),
            "hostId",
            "poolId",
            "zoneId",
            "address",
            "cpu",
            "memory",
            "disk",
            "gpus",
            "instanceType",
            "labels",
            "x"),
        request("DELETE", "/hosts/a%20b?x=1", null, "hostId", "x"),
        get("/container-groups/a%20b/placement?x=1", "containerGroupId", "x"),
        get(
            "/placements?x=1&limit=0&nextToken=a&outcome=Odd",
            "limit",
            "nextToken",
            "outcome",
            "x"),
        post(
            "/placements/explain",
            """
            {"x": 1, "regionId": "mars", "zoneId": "mars-a", "cpu": "two", "disk": 1000001,
             "gpus": 65, "gpuShare": 1.5, "computeCategory": "cheap", "poolId": "a b"}
            """,
            "regionId",
            "cpu",
            "memory",
            "disk",
            "gpus",
            "gpuShare",
            "computeCategory",
            "poolId",
            "x"));
  }

  private static Arguments get(String path, String... wrong) {
    return request("GET", path, null, wrong);
  }

  private static Arguments post(String path, String json, String... wrong) {
    return request("POST", path, json, wrong);
  }

  private static Arguments request(
      String method, String path, @Nullable String json, String... wrong) {
    return Arguments.of(method, path, json, List.of(wrong));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void allThatIsWrongIsNamedTogether(
      String method, String path, @Nullable String json, List<String> wrong) {
    RestClient.Answer answer = operator.send(method, "/v1" + path, json, Map.of());
    assertThat(answer.wrongFields()).as(answer.body()).containsExactlyElementsOf(wrong);
    assertThat(answer.json().path("errors").path(0).path("code").asString())
        .isEqualTo(answer.code());
  }

  @Test
  void noOperationOverlooksAFieldItDoesNotKnow() {
    for (Route route : server.bean(Routes.class).all()) {
      String path = route.path().text().replaceAll("\\{[^}]*}", "nobody");
      RestClient.Answer answer =
          route.hasBody()
              ? operator.send(route.method(), path, "{\"nonsense\": 1}", Map.of())
              : operator.send(route.method(), path + "?nonsense=1", null, Map.of());
      assertThat(answer.status()).as(route.operationId()).isBetween(400, 404);
      assertThat(answer.wrongFields()).as(route.operationId()).contains("nonsense");
    }
  }

  @Test
  void whatHasTheWrongShapeIsNotCalledMissing() {
    RestClient.Answer answer =
        operator.post(
            "/v1/tags",
            """
            {"resourceType": "ContainerGroup", "resourceId": [null, ["r"]], "tag": {"key": "a"}}
            """);
    assertThat(new TreeSet<>(answer.wrongFields())).containsExactly("resourceId[1]", "tag");
  }

  @Test
  void resourcesThatAreNotThereAreNamedByTheirPlaces() {
    RestClient.Answer tagged =
        operator.post(
            "/v1/tags",
            """
            {"resourceType": "ContainerGroup", "resourceId": [null, "eci-x", "", "eci-y"],
             "tag": [{"key": "a"}]}
            """);
    assertThat(tagged.status()).isEqualTo(404);
    assertThat(tagged.wrongFields()).containsExactly("resourceId[1]", "resourceId[3]");
    RestClient.Answer untagged =
        operator.delete(
            "/v1/tags?resourceType=ContainerGroup&resourceId=&resourceId=eci-x&all=true");
    assertThat(untagged.status()).isEqualTo(404);
    assertThat(untagged.wrongFields()).containsExactly("resourceId[1]");
  }
}
