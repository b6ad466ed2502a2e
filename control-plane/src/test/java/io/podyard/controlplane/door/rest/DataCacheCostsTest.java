package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.api.datacache.CreateDataCacheResponse;
import io.podyard.api.datacache.DeleteDataCacheResponse;
import io.podyard.api.datacache.UpdateDataCacheResponse;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What data caches cost: from and to the seconds that their events tell, through either door. */
class DataCacheCostsTest {

  private static final String CACHES = "/v1/data-caches";
  private static final String GROUPS = "/v1/container-groups";

  private static final BigDecimal MAKER =
      new BigDecimal("0.000049")
          .multiply(BigDecimal.TWO)
          .add(new BigDecimal("0.00000613").multiply(BigDecimal.valueOf(4)));
  private static final BigDecimal DISK = new BigDecimal("0.00000058");
  private static final BigDecimal STORAGE = new BigDecimal("0.00000005");

  private static TestServer server;

  private RestClient rest;
  private PodyardClient rpc;

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "16vCPU/64GiB")
                .with("podyard.example-prices", "true"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void beSomebody() {
    TestServer.Key key = server.newAccount();
    rest = new RestClient(server.endpoint(), key);
    rpc = server.client(key, SignatureVersion.V3);
  }

  @AfterEach
  void judge() throws Exception {
    assertThat(server.judge().verdict(Duration.ofSeconds(40))).isEmpty();
  }

  private void untilAvailable(String id, String file) {
    Waiting.until(
        id + " is available",
        () -> {
          JsonNode found =
              rest.get(CACHES + "?dataCacheId=" + id).ok().json().path("dataCaches").get(0);
          return found.path("status").asString().equals("Available")
              && found.path("dataSource").path("options").asString().contains(file);
        });
  }

  private static void aSecondPasses() {
    Instant then = Instant.now().plusMillis(1100);
    Waiting.until("a second passes", () -> Instant.now().isAfter(then));
  }

  /** By the clock of the database, in whole seconds. */
  private static Instant told(String id, String reason) {
    return second(
        "select noted_at from data_cache_event where cache_id = ? and reason = ?", id, reason);
  }

  private static Instant second(String sql, Object... arguments) {
    return Objects.requireNonNull(
            server.jdbc().queryForObject(sql, OffsetDateTime.class, arguments))
        .toInstant()
        .truncatedTo(ChronoUnit.SECONDS);
  }

  private static BigDecimal cost(BigDecimal perSecond, Instant from, Instant to) {
    return perSecond.multiply(BigDecimal.valueOf(Duration.between(from, to).toSeconds()));
  }

  /** The exact amount, and the times that were metered. */
  private JsonNode usage(String id) {
    return rest.get("/v1/usage?limit=100")
        .ok()
        .json()
        .path("groups")
        .valueStream()
        .filter(each -> each.path("containerGroupId").asString().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static BigDecimal amount(JsonNode usage) {
    assertThat(usage.path("amounts")).hasSize(1);
    return new BigDecimal(usage.path("amounts").get(0).path("amount").asString());
  }

  private static List<String> times(JsonNode usage) {
    return usage
        .path("intervals")
        .valueStream()
        .map(each -> each.path("from").asString() + " " + each.path("to").asString())
        .toList();
  }

  @Test
  void whatIsAskedForByRestCostsWhatItsEventsTell() {
    String id =
        rest.post(
                CACHES,
                """
                {"path": "/models/rest", "size": 21, "dataSource":
                 {"type": "URL", "options": {"url": "http://files.test/300MiB"}}}
                """)
            .ok()
            .json()
            .path("dataCacheId")
            .asString();
    untilAvailable(id, "300MiB");
    aSecondPasses();
    rest.send("PATCH", CACHES + "/" + id, "{\"size\": 200}", Map.of()).ok();
    Instant resized = second("select max(started_at) from usage_interval where group_id = ?", id);
    assertThat(resized).isAfter(told(id, "Created"));
    String group =
        rest.post(
                GROUPS,
                """
                {"containerGroupName": "mounts", "cpu": 0.25, "memory": 0.5,
                 "dataCacheBucket": "default",
                 "volume": [{"name": "data", "type": "HostPathVolume",
                             "hostPathVolume": {"path": "/models/rest/a"}},
                            {"name": "more", "type": "HostPathVolume",
                             "hostPathVolume": {"path": "/models/rest/b"}}],
                 "container": [{"name": "main", "image": "registry.test/shell:1",
                   "volumeMount": [{"name": "data", "mountPath": "/a", "readOnly": true},
                                   {"name": "more", "mountPath": "/b", "readOnly": true}]}]}
                """)
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    Waiting.until(
        "it runs",
        () -> rest.get(GROUPS + "/" + group).json().path("status").asString().equals("Running"));
    aSecondPasses();
    rest.delete(CACHES + "/" + id).ok();
    Instant deleted = second("select deleting_at from data_cache where id = ?", id);
    assertThat(times(usage(id)))
        .containsExactly(
            told(id, "Scheduled") + " " + told(id, "Created"),
            told(id, "Created") + " " + resized,
            resized + " " + deleted);
    BigDecimal expected =
        cost(
                MAKER.add(DISK.multiply(BigDecimal.valueOf(21))),
                told(id, "Scheduled"),
                told(id, "Created"))
            .add(cost(STORAGE.multiply(BigDecimal.valueOf(21)), told(id, "Created"), resized))
            .add(cost(STORAGE.multiply(BigDecimal.valueOf(200)), resized, deleted));
    assertThat(amount(usage(id))).isEqualByComparingTo(expected).isPositive();

    rest.delete(GROUPS + "/" + group + "?force=true").ok();
    Waiting.until(
        "its meter stops",
        () ->
            second(
                    "select coalesce(max(ended_at), 'epoch') from usage_interval where group_id = ?",
                    group)
                .isAfter(Instant.EPOCH));
    JsonNode disk = usage(group + ".edc");
    assertThat(disk.path("kind").asString()).isEqualTo("cache-disk");
    Instant started = second("select started_at from usage_interval where group_id = ?", group);
    Instant ended = second("select ended_at from usage_interval where group_id = ?", group);
    assertThat(times(disk)).containsExactly(started + " " + ended);
    assertThat(amount(disk))
        .as("one disk, however often it is mounted")
        .isEqualByComparingTo(cost(DISK.multiply(BigDecimal.valueOf(200)), started, ended))
        .isPositive();
  }

  /** The same by the tables, which have what was over within a second as well. */
  private static List<String> metered(String id) {
    return server
        .jdbc()
        .query(
            "select started_at, ended_at from usage_interval where group_id = ? order by sequence",
            (row, n) ->
                row.getObject(1, OffsetDateTime.class).toInstant()
                    + " "
                    + row.getObject(2, OffsetDateTime.class).toInstant(),
            id);
  }

  private Map<String, String> wish(String path, String file, String... more) {
    Map<String, String> wish =
        new HashMap<>(
            Map.of(
                "Path",
                path,
                "DataSource.Type",
                "URL",
                "DataSource.Options.url",
                "http://files.test/" + file));
    for (String one : more) {
      wish.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
    }
    return wish;
  }

  @Test
  void whatIsAskedForByRpcCostsWhatItsEventsTellAlsoWhenItIsChangedOrFails() {
    String id =
        Objects.requireNonNull(
            rpc.call(
                    Action.CREATE_DATA_CACHE,
                    wish("/models/rpc", "5MiB"),
                    CreateDataCacheResponse.class)
                .dataCacheId());
    untilAvailable(id, "5MiB");
    aSecondPasses();
    Map<String, String> change = wish("", "400MiB", "DataCacheId=" + id, "Size=30");
    change.remove("Path");
    UpdateDataCacheResponse _ =
        rpc.call(Action.UPDATE_DATA_CACHE, change, UpdateDataCacheResponse.class);
    untilAvailable(id, "400MiB");
    aSecondPasses();
    String failed =
        Objects.requireNonNull(
            rpc.call(
                    Action.CREATE_DATA_CACHE,
                    wish("/models/none", "missing"),
                    CreateDataCacheResponse.class)
                .dataCacheId());
    Waiting.until(
        "it failed",
        () ->
            rest.get(CACHES + "?dataCacheId=" + failed)
                .ok()
                .json()
                .path("dataCaches")
                .get(0)
                .path("status")
                .asString()
                .equals("Failed"));
    assertThat(metered(failed))
        .containsExactly(told(failed, "Scheduled") + " " + told(failed, "CreateFailed"));
    assertThat(metered(id + ".2")).singleElement().asString().endsWith(" " + told(id, "Updated"));

    Instant scheduled = told(id, "Scheduled");
    Instant created = told(id, "Created");
    Instant updated = told(id, "Updated");
    Instant before = second("select now()");
    DeleteDataCacheResponse _ =
        rpc.call(
            Action.DELETE_DATA_CACHE, Map.of("DataCacheId", id), DeleteDataCacheResponse.class);
    Instant deleted = second("select max(ended_at) from usage_interval where group_id = ?", id);
    assertThat(deleted).isBetween(before, second("select now()"));
    assertThat(metered(id))
        .containsExactly(
            scheduled + " " + created, created + " " + updated, updated + " " + deleted);
    Waiting.until(
        "nothing is left of it",
        Duration.ofSeconds(60),
        () ->
            Objects.equals(
                server
                    .jdbc()
                    .queryForObject(
                        "select count(*) from data_cache where id = ?", Integer.class, id),
                0));
    assertThat(usage(id).path("kind").asString()).isEqualTo("data-cache");
  }
}
