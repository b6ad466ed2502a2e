package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.api.datacache.CreateDataCacheResponse;
import io.podyard.api.datacache.DataCacheResponse;
import io.podyard.api.datacache.DeleteDataCacheResponse;
import io.podyard.api.datacache.DescribeDataCachesResponse;
import io.podyard.api.datacache.UpdateDataCacheResponse;
import io.podyard.controlplane.containergroup.GroupDataCaches;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.HostId;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Groups that mount data caches (contract section 14), on simulated hosts. */
class DataCacheUseTest {

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(3, "8vCPU/32GiB")
                .with("podyard.docker.host-paths", "/srv/data"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void judge() throws Exception {
    server.untilNothingIsReserved();
    assertThat(server.judge().verdict(Duration.ofSeconds(40))).isEmpty();
  }

  private String cache(String path, String file, String... more) {
    Map<String, String> parameters =
        Groups.parameters(
            "Path=" + path,
            "DataSource.Type=URL",
            "DataSource.Options.url=http://files.test/" + file);
    parameters.putAll(Groups.parameters(more));
    return Objects.requireNonNull(
        groups
            .client()
            .call(Action.CREATE_DATA_CACHE, parameters, CreateDataCacheResponse.class)
            .dataCacheId());
  }

  private DataCacheResponse get(String id) {
    return groups
        .call(Action.DESCRIBE_DATA_CACHES, DescribeDataCachesResponse.class, "DataCacheId.1=" + id)
        .dataCaches()
        .getFirst();
  }

  private String available(String path, String file, String... more) {
    String id = cache(path, file, more);
    Waiting.until(id + " is available", () -> "Available".equals(get(id).status()));
    return id;
  }

  private void delete(String id) {
    groups.call(Action.DELETE_DATA_CACHE, DeleteDataCacheResponse.class, "DataCacheId=" + id);
  }

  private static Map<String, String> mounting(String path, String... more) {
    Map<String, String> parameters =
        Groups.shell(
            "sleep infinity",
            "DataCacheBucket=default",
            "Volume.1.Name=data",
            "Volume.1.Type=HostPathVolume",
            "Volume.1.HostPathVolume.Path=" + path,
            "Container.1.VolumeMount.1.Name=data",
            "Container.1.VolumeMount.1.MountPath=/data",
            "Container.1.VolumeMount.1.ReadOnly=true");
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  private ErrorCode refusal(Map<String, String> group) {
    return groups.refusal(Action.CREATE_CONTAINER_GROUP, group).errorCode().orElseThrow();
  }

  private void untilRunning(String group) {
    Waiting.until(
        group + " runs",
        Duration.ofSeconds(60),
        () -> "Running".equals(groups.get(group).status()));
  }

  private static String hostOf(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select host_id from container_group where id = ?", String.class, group));
  }

  private static List<String> holders(String key) {
    List<String> holders = new ArrayList<>();
    for (var host : server.runtimes().keySet()) {
      try {
        if (server
            .hosts()
            .engine(host)
            .heldData(new Inventory(server.jdbc()).installation())
            .contains(key)) {
          holders.add(host.value());
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
  void aGroupStartsWhereItsDataIs() {
    String id = available("/models/one", "5MiB");
    for (int i = 0; i < 3; i++) {
      String group = groups.create(mounting("/models/one/deeper"));
      untilRunning(group);
      assertThat(hostOf(group)).isEqualTo(holders(id + ".1").getFirst());
      Waiting.until(
          "nobody looks after it any more",
          () -> rows("data_cache_use", "served_at is not null and group_id", group) == 1);
      groups.delete(group);
      Waiting.until("nobody uses it", () -> rows("data_cache_use", "group_id", group) == 0);
    }
    assertThat(holders(id + ".1")).hasSize(1);
    assertThat(server.bean(GroupDataCaches.class).hosts(Set.of(id + ".1", id + ".2")))
        .isEqualTo(Map.of(id + ".1", Set.of(new HostId(holders(id + ".1").getFirst()))));
    Waiting.until("its use is known", () -> get(id).lastMatchedTime() != null);
    delete(id);
  }

  @Test
  void aHostWithoutTheDataIsBroughtIt() {
    String id = available("/models/two", "400MiB");
    String holder = holders(id + ".1").getFirst();
    String[] whole = {"Cpu=8", "Memory=16", "Container.1.VolumeMount.1.ReadOnly=false"};
    String first = groups.create(mounting("/models/two", whole));
    untilRunning(first);
    assertThat(hostOf(first)).isEqualTo(holder);
    String group = groups.create(mounting("/models/two", whole));
    untilRunning(group);
    assertThat(hostOf(group)).isNotEqualTo(holder);
    assertThat(holders(id + ".1")).contains(hostOf(group));
    delete(id);
    List.of(first, group).forEach(one -> groups.delete(one));
    Waiting.until("nobody has it", Duration.ofSeconds(60), () -> holders(id + ".1").isEmpty());
  }

  @Test
  void whatAGroupMountsStaysWhateverBecomesOfTheCache() {
    String id = available("/models/three", "5MiB");
    String group = groups.create(mounting("/models/three"));
    untilRunning(group);
    groups.call(
        Action.UPDATE_DATA_CACHE,
        UpdateDataCacheResponse.class,
        "DataCacheId=" + id,
        "DataSource.Type=URL",
        "DataSource.Options.url=http://files.test/6MiB");
    Waiting.until("it is another", () -> holders(id + ".2").size() == 1);
    Waiting.until("and is used", () -> "Available".equals(get(id).status()));
    String newer = groups.create(mounting("/models/three"));
    untilRunning(newer);
    assertThat(holders(id + ".1")).contains(hostOf(group));
    delete(id);
    assertThat(refusal(mounting("/models/three"))).isEqualTo(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(groups.get(group).status()).isEqualTo("Running");
    assertThat(holders(id + ".1")).contains(hostOf(group));
    List.of(group, newer).forEach(one -> groups.delete(one));
    server.untilNothingIsReserved();
    Waiting.until(
        "nothing is left", Duration.ofSeconds(60), () -> rows("data_cache", "id", id) == 0);
    assertThat(holders(id + ".1")).isEmpty();
    assertThat(holders(id + ".2")).isEmpty();
  }

  @Test
  void whatALateGroupMountsIsKeptForItAndNotForever() {
    String id = available("/models/late", "5MiB");
    String ended = groups.create(Groups.shell("sleep infinity"));
    groups.delete(ended);
    Waiting.until("it is over", () -> rows("container_group", "id", ended) == 0);
    Map.of("eci-late", 30, ended, 0, "eci-never", 180)
        .forEach(
            (group, seconds) ->
                server
                    .jdbc()
                    .update(
                        """
                        insert into data_cache_use (group_id, cache_id, revision, created_at)
                        values (?, ?, 1, now() - make_interval(secs => ?))
                        """,
                        group,
                        id,
                        seconds));
    for (String none : List.of(ended, "eci-never")) {
      Waiting.until("that of none goes", () -> rows("data_cache_use", "group_id", none) == 0);
    }
    assertThat(rows("data_cache_use", "group_id", "eci-late")).isEqualTo(1);
    server.jdbc().update("delete from data_cache_use where group_id = 'eci-late'");
    delete(id);
  }

  @Test
  void oneThatFailedHidesNoneAroundIt() {
    String id = available("/around", "5MiB");
    String failed = cache("/around/within", "missing");
    Waiting.until("it failed", () -> "Failed".equals(get(failed).status()));
    groups.delete(groups.create(mounting("/around/within")));
    List.of(failed, id).forEach(this::delete);
  }

  @Test
  void aBucketStandsForNoPathOfTheHostAndIsNotNamedInVain() {
    Map<String, String> ofTheHost = mounting("/srv/data");
    assertThat(refusal(ofTheHost)).isEqualTo(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    ofTheHost.remove("DataCacheBucket");
    groups.delete(groups.create(ofTheHost));
    PodyardCallException refused =
        groups.refusal(
            Action.CREATE_CONTAINER_GROUP,
            Groups.shell("sleep infinity", "DataCacheBucket=default"));
    assertThat(refused.errorCode()).contains(ErrorCode.INVALID_PARAMETER);
    assertThat(refused.getMessage()).contains("DataCacheBucket: ");
  }

  @Test
  void whatIsNotThereOrCannotBeUsedIsRefused() {
    assertThat(refusal(mounting("/nowhere"))).isEqualTo(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    String broken = cache("/broken", "missing");
    Waiting.until("it failed", () -> "Failed".equals(get(broken).status()));
    assertThat(refusal(mounting("/broken/deeper"))).isEqualTo(ErrorCode.INCORRECT_STATUS);
    String id = available("/models/four", "5MiB", "Bucket=other");
    assertThat(refusal(mounting("/models/four"))).isEqualTo(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(refusal(mounting("/models/fourth", "DataCacheBucket=other")))
        .isEqualTo(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(
            refusal(
                mounting(
                    "/models/four", "DataCacheBucket=other", "Volume.1.HostPathVolume.Type=File")))
        .isEqualTo(ErrorCode.INVALID_PARAMETER);
    Map<String, String> unnamed = mounting("/models/four");
    unnamed.remove("DataCacheBucket");
    assertThat(refusal(unnamed)).as("a path of the host").isEqualTo(ErrorCode.INVALID_PARAMETER);
    for (String speed :
        List.of("DataCachePL=PL2", "DataCacheBurstingEnabled=true", "DataCacheProvisionedIops=1")) {
      PodyardCallException refused =
          groups.refusal(
              Action.CREATE_CONTAINER_GROUP,
              mounting("/models/four", "DataCacheBucket=other", speed));
      assertThat(refused.getMessage()).contains("their own disks");
    }
    List.of(broken, id).forEach(this::delete);
  }

  @Test
  void onlyWhatIsAvailableIsMounted() {
    String id = cache("/models/six", "400MiB");
    assertRefusedAs("Loading");
    Waiting.until("it is available", () -> "Available".equals(get(id).status()));
    change(id, "400MiB");
    assertRefusedAs("Updating");
    Waiting.until("it is available again", () -> "Available".equals(get(id).status()));
    change(id, "missing");
    Waiting.until("it failed", () -> "UpdateFailed".equals(get(id).status()));
    assertRefusedAs("UpdateFailed");
    change(id, "5MiB");
    Waiting.until("it is available at last", () -> "Available".equals(get(id).status()));
    String group = groups.create(mounting("/models/six"));
    untilRunning(group);
    groups.delete(group);
    server
        .jdbc()
        .update("update data_cache set expires_at = now() - interval '1 second' where id = ?", id);
    assertThat(refusal(mounting("/models/six"))).isEqualTo(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
  }

  private void change(String id, String file) {
    groups.call(
        Action.UPDATE_DATA_CACHE,
        UpdateDataCacheResponse.class,
        "DataCacheId=" + id,
        "DataSource.Type=URL",
        "DataSource.Options.url=http://files.test/" + file);
  }

  private void assertRefusedAs(String status) {
    PodyardCallException refused =
        groups.refusal(Action.CREATE_CONTAINER_GROUP, mounting("/models/six"));
    assertThat(refused.errorCode()).contains(ErrorCode.INCORRECT_STATUS);
    assertThat(refused.getMessage()).contains("which is " + status + ";");
  }

  @Test
  void aGroupKeepsItsDataThroughChanges() {
    String id = available("/models/five", "5MiB");
    String group = groups.create(mounting("/models/five", "DataCachePL=PL1"));
    untilRunning(group);
    Map<String, String> change = mounting("/models/five", "ContainerGroupId=" + group);
    List.of("DataCacheBucket", "ContainerGroupName", "TerminationGracePeriodSeconds")
        .forEach(change::remove);
    change.put("Container.1.Image", "registry.test/shell:2");
    var _ =
        groups
            .client()
            .call(Action.UPDATE_CONTAINER_GROUP, change, UpdateContainerGroupResponse.class);
    untilRunning(group);
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select spec::text from container_group where id = ?", String.class, group))
        .contains("dataCache", id + ".1");
    change.put("Container.1.VolumeMount.1.ReadOnly", "false");
    assertThat(groups.refusal(Action.UPDATE_CONTAINER_GROUP, change).getMessage())
        .contains("made to read it only");
    groups.delete(group);
    delete(id);
  }
}
