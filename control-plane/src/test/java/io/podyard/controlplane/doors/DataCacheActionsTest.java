package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.datacache.CopyDataCacheResponse;
import io.podyard.api.datacache.CreateDataCacheResponse;
import io.podyard.api.datacache.DataCacheResponse;
import io.podyard.api.datacache.DataSourceResponse;
import io.podyard.api.datacache.DeleteDataCacheResponse;
import io.podyard.api.datacache.DescribeDataCachesResponse;
import io.podyard.api.datacache.UpdateDataCacheResponse;
import io.podyard.api.quota.ListUsageResponse;
import io.podyard.api.tag.ListTagResourcesResponse;
import io.podyard.api.tag.Tag;
import io.podyard.api.tag.TagResourcesResponse;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data caches (contract section 14), on simulated hosts of two regions. */
class DataCacheActionsTest {

  private static final Fence OPEN =
      new Fence() {
        @Override
        public long epoch() {
          return 1;
        }

        @Override
        public void check() {}
      };

  private static final String FAR = "cn-shanghai";
  private static final String URL = "DataSource.Options.url=http://files.test/";

  @TempDir private static Path folder;
  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() throws IOException {
    Path inventory =
        Files.writeString(
            folder.resolve("inventory.yaml"),
            """
            zones:
              cn-shanghai: [cn-shanghai-b]
            pools:
              - poolId: usual
                regionId: cn-hangzhou
                runtime: simulated
                hosts:
                  - {hostId: sim-0001, zoneId: cn-hangzhou-b}
                  - {hostId: sim-0002, zoneId: cn-hangzhou-b}
                  - {hostId: sim-0003, zoneId: cn-hangzhou-b}
              - poolId: far
                regionId: cn-shanghai
                runtime: simulated
                hosts:
                  - {hostId: sim-0004, zoneId: cn-shanghai-b}
            """);
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(4, "8vCPU/32GiB")
                .with("podyard.runtime", "none")
                .with("podyard.inventory", inventory.toString())
                .with("podyard.data-caches.tries", "2")
                .with("podyard.quotas.max-data-cache-count", "3"));
    Waiting.until(
        "all hosts are ready",
        () ->
            Objects.equals(
                server
                    .jdbc()
                    .queryForObject(
                        "select count(*) from host where state = 'READY'", Integer.class),
                4));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void judge() throws Exception {
    assertThat(server.judge().verdict(Duration.ofSeconds(40))).isEmpty();
  }

  private static Map<String, String> request(String path, String file, String... more) {
    Map<String, String> parameters =
        Groups.parameters("Path=" + path, "DataSource.Type=URL", URL + file);
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  private String create(String path, String file, String... more) {
    return create(request(path, file, more));
  }

  private String create(Map<String, String> request) {
    return Objects.requireNonNull(
        groups
            .client()
            .call(Action.CREATE_DATA_CACHE, request, CreateDataCacheResponse.class)
            .dataCacheId());
  }

  private void update(String id, String... more) {
    Map<String, String> parameters = Groups.parameters("DataCacheId=" + id);
    parameters.putAll(Groups.parameters(more));
    assertThat(
            groups
                .client()
                .call(Action.UPDATE_DATA_CACHE, parameters, UpdateDataCacheResponse.class)
                .requestId())
        .isNotEmpty();
  }

  private void delete(String... which) {
    groups.call(Action.DELETE_DATA_CACHE, DeleteDataCacheResponse.class, which);
  }

  private DescribeDataCachesResponse list(String... filters) {
    return groups.call(Action.DESCRIBE_DATA_CACHES, DescribeDataCachesResponse.class, filters);
  }

  private List<String> ids(String... filters) {
    return list(filters).dataCaches().stream()
        .map(cache -> Objects.requireNonNull(cache.dataCacheId()))
        .toList();
  }

  private DataCacheResponse get(String id, String... more) {
    List<String> filters = new ArrayList<>(List.of("DataCacheId.1=" + id));
    filters.addAll(List.of(more));
    return list(filters.toArray(String[]::new)).dataCaches().getFirst();
  }

  private DataCacheResponse untilStatus(String id, String status, String... more) {
    Waiting.until(id + " is " + status, () -> status.equals(get(id, more).status()));
    return get(id, more);
  }

  private ErrorCode refusal(Action action, Map<String, String> parameters) {
    return groups.refusal(action, parameters).errorCode().orElseThrow();
  }

  private ErrorCode updateRefusal(String id, String... more) {
    Map<String, String> parameters = Groups.parameters("DataCacheId=" + id);
    parameters.putAll(Groups.parameters(more));
    return refusal(Action.UPDATE_DATA_CACHE, parameters);
  }

  private static List<String> reasons(DataCacheResponse cache) {
    return cache.events().stream().map(EventResponse::reason).toList();
  }

  private static String options(DataCacheResponse cache) {
    DataSourceResponse source = Objects.requireNonNull(cache.dataSource());
    return source.type() + " " + source.options();
  }

  private static InstallationId installation() {
    return new Inventory(server.jdbc()).installation();
  }

  /** The hosts that say that they hold something of a cache. */
  private static List<HostId> holders(String key) {
    List<HostId> holders = new ArrayList<>();
    for (HostId host : server.runtimes().keySet()) {
      try {
        if (server.hosts().engine(host).heldData(installation()).stream()
            .anyMatch(held -> held.startsWith(key))) {
          holders.add(host);
        }
      } catch (RuntimeUnavailableException e) {
        throw new AssertionError(e);
      }
    }
    return holders;
  }

  private static int rows(String table, String column, String value) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select count(*) from " + table + " where " + column + " = ?",
                Integer.class,
                value));
  }

  @Test
  void aCacheIsAvailableWhenAHostHoldsItsDataAndSaysWhatHappened() {
    String id = create("/models//one/", "30MiB", "RetentionDays=7", "Name=first");
    DataCacheResponse cache = untilStatus(id, "Available");
    assertThat(id).startsWith("edc-");
    assertThat(cache.bucket()).isEqualTo("default");
    assertThat(cache.path()).isEqualTo("/models/one");
    assertThat(cache.name()).isEqualTo("first");
    assertThat(cache.size()).isEqualTo(20);
    assertThat(cache.progress()).isEqualTo("100%");
    assertThat(cache.snapshotId()).isEqualTo(id);
    assertThat(cache.flashSnapshotId()).isNull();
    assertThat(cache.regionId()).isEqualTo("cn-hangzhou");
    assertThat(options(cache)).isEqualTo("URL {\"url\":\"http://files.test/30MiB\"}");
    assertThat(cache.expireDateTime())
        .isBetween(
            Instant.now().plus(Duration.ofDays(7)).minusSeconds(60),
            Instant.now().plus(Duration.ofDays(7)));
    assertThat(reasons(cache)).containsExactly("Loading", "Scheduled", "Created");
    assertThat(holders(id + ".1")).hasSize(1);
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select bytes from data_cache_revision where cache_id = ?", Long.class, id))
        .isEqualTo(30L << 20);
    delete("Path=/models/one");
    assertThat(ids()).isEmpty();
    Waiting.until("its host let go of it", () -> holders(id).isEmpty());
    Waiting.until("nothing is left", () -> rows("data_cache", "id", id) == 0);
    assertThat(refusal(Action.DELETE_DATA_CACHE, Groups.parameters("DataCacheId=" + id)))
        .isEqualTo(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(refusal(Action.DELETE_DATA_CACHE, Groups.parameters("Path=/models/one")))
        .isEqualTo(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
  }

  @Test
  void whileItIsReadItIsLoadingAndSaysHowFarItIs() {
    String id = create("/large", "9000MiB");
    assertThat(get(id).status()).isEqualTo("Loading");
    assertThat(get(id).snapshotId()).isNull();
    Waiting.until(
        "it is on its way",
        Duration.ofSeconds(30),
        () -> !List.of("0%", "100%").contains(String.valueOf(get(id).progress())));
    assertThat(updateRefusal(id, "Name=other")).isEqualTo(ErrorCode.INCORRECT_STATUS);
    delete("DataCacheId=" + id);
    Waiting.until(
        "nothing is left", Duration.ofSeconds(60), () -> rows("data_cache", "id", id) == 0);
  }

  @Test
  void oneThatIsAvailableGoesWhenItsTimeIsOver() {
    String id = create("/short", "3MiB", "RetentionDays=1");
    String other = create("/longer", "3MiB", "RetentionDays=2");
    List.of(id, other).forEach(one -> untilStatus(one, "Available"));
    server
        .jdbc()
        .update(
            "update data_cache set expires_at = expires_at - interval '1 day' where id in (?, ?)",
            id,
            other);
    Waiting.until("it is over", () -> ids().equals(List.of(other)));
    Waiting.until("its host let go of it", () -> holders(id).isEmpty());
    Waiting.until("nothing is left", () -> rows("data_cache", "id", id) == 0);
    assertThat(get(other).status()).isEqualTo("Available");
    delete("DataCacheId=" + other);
  }

  @Test
  void whatCannotBeReadFailsWithTheSourcesWordsAndGivesWayToTheNext() {
    String id = create("/wrong", "missing");
    DataCacheResponse cache = untilStatus(id, "Failed");
    assertThat(reasons(cache))
        .containsExactly("Loading", "Scheduled", "SourceRefused", "CreateFailed");
    assertThat(cache.events().getLast().message()).contains("404 not found");
    assertThat(cache.snapshotId()).isNull();
    assertThat(cache.expireDateTime())
        .isBetween(
            Instant.now().plus(Duration.ofHours(23)), Instant.now().plus(Duration.ofHours(24)));
    String late = create("/late", "unreachable");
    assertThat(untilStatus(late, "Failed").events())
        .anyMatch(
            event ->
                "SourceUnavailable".equals(event.reason()) && Objects.equals(event.count(), 2));
    String large = create("/wrong", "2000MiB", "Size=1");
    assertThat(untilStatus(large, "Failed").events().getLast().message()).contains("(1 GiB)");
    Waiting.until("no host holds a part of it", () -> holders("edc-").isEmpty());
    List.of(late, large).forEach(one -> delete("DataCacheId=" + one));
    String right = create("/wrong", "3MiB");
    untilStatus(right, "Available");
    delete("Path=/wrong");
    assertThat(ids()).as("the one that can be used goes first").containsExactly(id);
    server.jdbc().update("update data_cache set expires_at = now() where id = ?", id);
    Waiting.until("it is over", () -> ids().isEmpty());
  }

  @Test
  void whatOneHostDoesNotTakeAnotherOneIsToHave() {
    String id = create("/unkept", "unkept");
    Waiting.until(
        "another host is asked",
        Duration.ofSeconds(30),
        () -> rows("data_cache_copy", "cache_id", id) > 1);
    DataCacheResponse cache = get(id);
    assertThat(cache.status()).isEqualTo("Loading");
    assertThat(cache.events())
        .anyMatch(
            event ->
                "DataNotKept".equals(event.reason()) && Objects.requireNonNull(event.count()) >= 2);
    delete("DataCacheId=" + id);
  }

  @Test
  void aLongNameInAnyScriptFailsItsCacheAllTheSame() {
    String name =
        new Random(5)
            .ints(900, 0x4e00, 0x9fa5)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    String id =
        create(
            Groups.parameters(
                "Path=/long",
                "DataSource.Type=NAS",
                "DataSource.Options.server=nas.test",
                "DataSource.Options.path=/missing" + name));
    assertThat(reasons(untilStatus(id, "Failed")))
        .containsExactly("Loading", "Scheduled", "SourceRefused", "CreateFailed");
    delete("DataCacheId=" + id);
  }

  @Test
  void twoOfOnePlaceThereAreNot() {
    String id = create("/same", "3MiB");
    assertThat(refusal(Action.CREATE_DATA_CACHE, request("/same/", "4MiB")))
        .isEqualTo(ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME);
    String other = create("/same", "4MiB", "Bucket=other");
    List.of(id, other).forEach(one -> untilStatus(one, "Available"));
    assertThat(updateRefusal(other, "Bucket=default"))
        .isEqualTo(ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME);
    update(other, "Bucket=third");
    assertThat(ids("Bucket=third")).containsExactly(other);
    assertThat(ids("Path=/same")).containsExactly(other, id);
    delete("Path=/same");
    delete("Bucket=third", "Path=/same");
    assertThat(ids()).isEmpty();
  }

  @Test
  void anUpdateTakesThePlaceOfWhatWasThereInOneStepAndLeavesItIfItFails() {
    String id = create("/changing", "3MiB");
    untilStatus(id, "Available");
    update(id, "Name=other", "Tag.1.Key=a", "Tag.1.Value=b", "RetentionDays=3");
    assertThat(get(id).status()).isEqualTo("Available");
    assertThat(get(id).name()).isEqualTo("other");
    assertThat(get(id).tags()).containsExactly(new Tag("a", "b"));
    assertThat(get(id).expireDateTime()).isNotNull();

    update(id, "DataSource.Type=URL", URL + "missing");
    DataCacheResponse kept = untilStatus(id, "UpdateFailed");
    assertThat(options(kept)).contains("3MiB");
    assertThat(holders(id + ".1")).hasSize(1);

    update(id, "DataSource.Type=URL", URL + "1500MiB", "Size=30");
    DataCacheResponse changed = untilStatus(id, "Available");
    assertThat(options(changed)).contains("1500MiB");
    assertThat(changed.size()).isEqualTo(30);
    assertThat(holders(id + ".3")).hasSize(1);
    Waiting.until("the one before is let go", () -> holders(id + ".1").isEmpty());
    Waiting.until("and forgotten", () -> rows("data_cache_revision", "cache_id", id) == 1);

    update(id, "Size=2");
    assertThat(get(id).size()).isEqualTo(2);
    assertThat(updateRefusal(id, "Size=1")).isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED);
    assertThat(refusal(Action.UPDATE_DATA_CACHE, Groups.parameters("Name=x")))
        .isEqualTo(ErrorCode.MISSING_PARAMETER);
    delete("DataCacheId=" + id);
  }

  @Test
  void aCacheIsMadeFromAnotherOneAndInAnotherRegionWithoutItsSource() {
    String id = create("/far", "7MiB", "Size=25", "Tag.1.Key=a");
    assertThat(refusal(Action.COPY_DATA_CACHE, copy(id, FAR)))
        .isEqualTo(ErrorCode.INCORRECT_STATUS);
    untilStatus(id, "Available");
    assertThat(refusal(Action.COPY_DATA_CACHE, copy(id, "cn-hangzhou")))
        .isEqualTo(ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME);
    assertThat(refusal(Action.COPY_DATA_CACHE, copy("edc-00000000000000000000", FAR)))
        .isEqualTo(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    String far =
        Objects.requireNonNull(
            groups
                .client()
                .call(Action.COPY_DATA_CACHE, copy(id, FAR), CopyDataCacheResponse.class)
                .dataCacheId());
    DataCacheResponse copy = untilStatus(far, "Available", "RegionId=" + FAR);
    assertThat(copy.path()).isEqualTo("/far");
    assertThat(copy.size()).isEqualTo(25);
    assertThat(copy.tags()).isEmpty();
    assertThat(copy.regionId()).isEqualTo(FAR);
    assertThat(reasons(copy)).containsExactly("Creating", "Scheduled", "Created");
    assertThat(options(copy)).isEqualTo("SNAPSHOT {\"snapshotId\":\"%s\"}".formatted(id));
    assertThat(holders(far)).containsExactly(new HostId("sim-0004"));

    String near =
        create(
            Groups.parameters(
                "Path=/near",
                "DataSource.Type=SNAPSHOT",
                "DataSource.Options.#10#snapshotId=" + id));
    untilStatus(near, "Available");
    assertThat(digest(near)).isEqualTo(digest(id)).isEqualTo(digest(far));
    delete("DataCacheId=" + id);
    assertThat(get(near).status()).isEqualTo("Available");
    delete("DataCacheId=" + near);
    delete("DataCacheId=" + far, "RegionId=" + FAR);
  }

  private static Map<String, String> copy(String id, String to) {
    return Groups.parameters("DataCacheId=" + id, "DestinationRegionId=" + to);
  }

  private static String digest(String id) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select digest from data_cache_revision where cache_id = ?", String.class, id));
  }

  @Test
  void aTokenMakesOneCacheAndEndsOne() {
    String id = create("/once", "3MiB", "ClientToken=t");
    assertThat(create("/once", "3MiB", "ClientToken=t", "Size=20", "Bucket=default")).isEqualTo(id);
    assertThat(refusal(Action.CREATE_DATA_CACHE, request("/once", "4MiB", "ClientToken=t")))
        .isEqualTo(ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH);
    assertThat(ids()).containsExactly(id);
    for (int i = 0; i < 2; i++) {
      delete("DataCacheId=" + id, "ClientToken=d");
    }
    assertThat(ids()).isEmpty();
  }

  @Test
  void beyondTheQuotaNoneIsMade() {
    List<String> made = List.of(create("/1", "1MiB"), create("/2", "1MiB"), create("/3", "1MiB"));
    assertUsage(3);
    assertThat(refusal(Action.CREATE_DATA_CACHE, request("/4", "1MiB")))
        .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    assertUsage(3);
    made.forEach(id -> delete("DataCacheId=" + id));
    assertUsage(0);
  }

  private void assertUsage(int used) {
    assertThat(
            groups
                .call(Action.LIST_USAGE, ListUsageResponse.class)
                .attributes()
                .get("UsedDataCacheCount"))
        .isEqualByComparingTo(String.valueOf(used));
  }

  @Test
  void cachesHaveTagsAndAreFoundByWhatTheyAre() {
    String web =
        create("/web", "3MiB", "Tag.1.Key=team", "Tag.1.Value=blue", "ResourceGroupId=rg-1");
    String tools = create("/tools", "4MiB");
    groups.call(
        Action.TAG_RESOURCES,
        TagResourcesResponse.class,
        "ResourceType=DataCache",
        "ResourceId.1=" + web,
        "ResourceId.2=" + tools,
        "Tag.1.Key=stage",
        "Tag.1.Value=test");
    assertThat(
            groups
                .call(
                    Action.LIST_TAG_RESOURCES,
                    ListTagResourcesResponse.class,
                    "ResourceType=DataCache")
                .tagResources())
        .extracting(row -> row.resourceId() + " " + row.tagKey())
        .containsExactly(tools + " stage", web + " stage", web + " team");
    assertThat(ids("Tag.1.Key=team")).containsExactly(web);
    assertThat(ids("Tag.1.Key=stage", "Tag.1.Value=test")).containsExactly(tools, web);
    assertThat(ids("ResourceGroupId=rg-1")).containsExactly(web);
    assertThat(ids("Path=/tools")).containsExactly(tools);
    assertThat(ids("Bucket=other")).isEmpty();
    DescribeDataCachesResponse page = list("Limit=1");
    assertThat(page.totalCount()).isEqualTo(2);
    assertThat(page.dataCaches().getFirst().dataCacheId()).isEqualTo(tools);
    assertThat(ids("Limit=1", "NextToken=" + page.nextToken())).containsExactly(web);
    assertThat(refusal(Action.DESCRIBE_DATA_CACHES, Groups.parameters("Limit=21")))
        .isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED);
    List.of(web, tools).forEach(id -> delete("DataCacheId=" + id));
  }

  @Test
  void allThatIsWrongWithARequestIsSaidAtOnce() {
    PodyardCallException refused =
        groups.refusal(
            Action.CREATE_DATA_CACHE,
            Groups.parameters(
                "Bucket=eci-system",
                "Path=relative",
                "Size=0",
                "DataSource.Type=OSS",
                "DataSource.Options.bucket=UPPER",
                "DataSource.Options.repoId=a/b",
                "DataSource.Options.unknown=x",
                "EipInstanceId=eip-1"));
    assertThat(refused.getMessage())
        .contains(
            "Bucket: is reserved",
            "Path: must be an absolute path",
            "Size: must be from 1 to",
            "DataSource.Options.bucket: is UPPER",
            "DataSource.Options.url: is required",
            "DataSource.Options.repoId: is not known for data of type OSS",
            "DataSource.Options.unknown: is not a parameter",
            "EipInstanceId: is not supported");
    assertThat(refusal(Action.CREATE_DATA_CACHE, Groups.parameters("Path=/x")))
        .isEqualTo(ErrorCode.MISSING_PARAMETER);
    assertThat(refusal(Action.DELETE_DATA_CACHE, Groups.parameters("Bucket=default")))
        .isEqualTo(ErrorCode.MISSING_PARAMETER);
  }

  @Test
  void secretsOfKeysAreSealedAndShownNowhere() {
    String id =
        create(
            Groups.parameters(
                "Path=/private",
                "DataSource.Type=OSS",
                "DataSource.Options.bucket=data",
                "DataSource.Options.url=http://storage.test",
                "DataSource.Options.akId=robot",
                "DataSource.Options.akSecret=canary-of-a-key"));
    DataCacheResponse cache = untilStatus(id, "Available");
    assertThat(cache.toString()).doesNotContain("canary");
    assertThat(options(cache)).contains("\"akId\":\"robot\"", "\"bucket\":\"data\"");
    for (String table :
        new TreeSet<>(
            server
                .jdbc()
                .queryForList(
                    "select table_name from information_schema.tables where table_name like"
                        + " 'data_cache%'",
                    String.class))) {
      assertThat(
              server.jdbc().queryForList("select t::text from %s t".formatted(table), String.class))
          .as(table)
          .noneMatch(row -> row.contains("canary"));
    }
    delete("DataCacheId=" + id);
  }

  @Test
  void whatAHostLosesOrNobodyKnowsIsSetRight() throws Exception {
    String id = create("/looked-after", "3MiB");
    untilStatus(id, "Available");
    HostId holder = holders(id).getFirst();
    server.jdbc().update("update data_cache_copy set held_at = held_at - interval '1 minute'");
    server.hosts().engine(holder).releaseData(installation(), id + ".1", OPEN);
    Waiting.until("it holds it again", Duration.ofSeconds(60), () -> holders(id).contains(holder));

    var _ =
        server
            .hosts()
            .engine(holder)
            .holdData(
                new DataCopyOrder(
                    installation(),
                    holder,
                    "edc-nobodys.1",
                    new DataSource.Web(URI.create("http://files.test/1MiB")),
                    null,
                    1L << 30),
                OPEN,
                DataProgress.NONE);
    Waiting.until(
        "what is nobody's is gone", Duration.ofSeconds(90), () -> holders("edc-nobodys").isEmpty());
    assertThat(holders(id)).isNotEmpty();
    delete("DataCacheId=" + id);
  }

  @Test
  void whatALeavingHostHeldIsMadeElsewhere() {
    String id = create("/moving", "3MiB");
    untilStatus(id, "Available");
    HostId before = holders(id).getFirst();
    server
        .jdbc()
        .update(
            "update host set cordoned_at = now(), draining_since = now(), drain_deadline_at ="
                + " now() + interval '1 hour' where id = ?",
            before.value());
    Waiting.until(
        "another host holds it and the first one does not",
        Duration.ofSeconds(60),
        () -> holders(id).size() == 1 && !holders(id).contains(before));
    assertThat(get(id).status()).isEqualTo("Available");
    server.jdbc().update("update host set cordoned_at = null where id = ?", before.value());
    delete("DataCacheId=" + id);
  }
}
