package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.datacache.CreateDataCacheResponse;
import io.podyard.api.datacache.DataCacheResponse;
import io.podyard.api.datacache.DescribeDataCachesResponse;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The server dies at each step of the life of a data cache: when it is asked for, read, noted,
 * used, changed, deleted, let go. It is never available by half, and nothing of it is left.
 */
class DataCacheKillTest {

  /** The first ones are the short form. */
  private static final List<String> POINTS =
      List.of(
          "heldData:before:1",
          "holdData:after:2",
          "planDataCache:after:4",
          "releaseData:after:1",
          "heldData:after:1",
          "heldData:before:2",
          "heldData:after:2",
          "holdData:before:1",
          "holdData:after:1",
          "holdData:before:2",
          "planDataCache:before:1",
          "planDataCache:after:1",
          "planDataCache:before:4",
          "planDataCache:before:8",
          "planDataCache:after:8",
          "releaseData:before:1",
          "releaseData:before:2",
          "releaseData:after:2",
          "clearData:before:1",
          "clearData:after:1",
          "clearData:before:2",
          "clearData:after:2");

  /** Java may have to learn to start servers first. */
  private static final Duration LONGEST = Duration.ofMinutes(6);

  @Test
  void killedAtEachStepOfACacheItIsNeverAvailableByHalfAndLeavesNothing() throws Exception {
    List<String> points = POINTS.subList(0, Length.of(2, POINTS.size()));
    Map<String, String> settings =
        Map.of("PODYARD_SIMULATED_HOSTS", "3", "PODYARD_EXAMPLE_PRICES", "true");
    try (ServerProcess server = ServerProcess.in("datacaches", settings).start();
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      server.kill9();
      for (String point : points) {
        server.launch(Map.of("PODYARD_CRASH_AT", point));
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        PatientClient client = new PatientClient(server::client, new Told());
        Thread life = Thread.ofVirtual().start(() -> live(client, inspection, point, failure));
        assertThat(server.diedWithin(Duration.ofMinutes(2))).as(point).isTrue();
        server.start();
        assertThat(life.join(LONGEST)).as(point).isTrue();
        assertThat(failure.get()).as(point).isNull();
        server.kill9();
      }
      server.start();
      inspection.awaitSettled();
      inspection.mustBeContent();
      chargedWithoutAGap(inspection, points.size());
      for (String table : List.of("data_cache", "data_cache_revision", "data_cache_use")) {
        assertThat(rows(inspection, table)).as(table).isZero();
      }
      assertThat(server.errors()).isEmpty();
    }
  }

  /** From the first host on until it is deleted, each second once. */
  private static void chargedWithoutAGap(Inspection inspection, int caches) {
    assertThat(
            inspection
                .jdbc()
                .queryForList(
                    """
                    select string_agg(tariff, ' ' order by sequence)
                           || case when max(ended_at) - min(started_at) = sum(ended_at - started_at)
                                   then '' else ', with a gap' end
                    from metered_interval where group_id like 'edc-%' and group_id not like '%.%'
                    group by group_id
                    """,
                    String.class))
        .hasSize(caches)
        .containsOnly("data-cache-creation data-cache-storage");
    assertThat(
            inspection
                .jdbc()
                .queryForObject(
                    "select count(*) from metered_interval where group_id like 'edc-%.2' and"
                        + " ended_at is not null",
                    Integer.class))
        .isEqualTo(caches);
  }

  private static int rows(Inspection inspection, String table) {
    return Objects.requireNonNull(
        inspection.jdbc().queryForObject("select count(*) from " + table, Integer.class));
  }

  /** The whole life of a cache, and of a group, each call until it is answered. */
  private static void live(
      PatientClient client,
      Inspection inspection,
      String name,
      AtomicReference<@Nullable Throwable> failure) {
    try {
      String token = name.replace(':', '-');
      String cache =
          Objects.requireNonNull(
              client
                  .repeated(
                      Action.CREATE_DATA_CACHE,
                      Map.of(
                          "ClientToken",
                          token,
                          "Path",
                          "/killed",
                          "DataSource.Type",
                          "URL",
                          "DataSource.Options.url",
                          "http://files.test/5MiB"),
                      CreateDataCacheResponse.class)
                  .dataCacheId());
      awaitAvailable(client, inspection, cache, "5MiB");
      Object _ =
          client.repeated(
              Action.UPDATE_DATA_CACHE,
              Map.of(
                  "ClientToken",
                  "change-" + token,
                  "DataCacheId",
                  cache,
                  "DataSource.Type",
                  "URL",
                  "DataSource.Options.url",
                  "http://files.test/7MiB"),
              Action.UPDATE_DATA_CACHE.responseType());
      awaitAvailable(client, inspection, cache, "7MiB");
      String group = started(client, token);
      Object _ =
          client.repeated(
              Action.DELETE_DATA_CACHE,
              Map.of("ClientToken", "end-" + token, "DataCacheId", cache),
              Action.DELETE_DATA_CACHE.responseType());
      Object _ =
          client.repeated(
              Action.DELETE_CONTAINER_GROUP,
              Map.of("ContainerGroupId", group, "ClientToken", "gone-" + token, "Force", "true"),
              Action.DELETE_CONTAINER_GROUP.responseType());
      Waiting.until(
          "the cache is gone from everywhere", LONGEST, () -> rows(inspection, "data_cache") == 0);
      assertThat(
              inspection
                  .jdbc()
                  .queryForObject(
                      "select count(*) from data_cache_copy where cleared_at is null",
                      Integer.class))
          .isZero();
    } catch (Throwable failed) {
      failure.set(failed);
    }
  }

  /** Whatever it looks like meanwhile: what can be used is known. */
  private static void awaitAvailable(
      PatientClient client, Inspection inspection, String cache, String file) {
    Waiting.until(
        file + " is available",
        LONGEST,
        () -> {
          assertThat(
                  inspection
                      .jdbc()
                      .queryForObject(
                          "select count(*) from data_cache c where c.revision > 0 and not exists"
                              + " (select 1 from data_cache_revision r where r.cache_id = c.id and"
                              + " r.revision = c.revision and r.digest is not null)",
                          Integer.class))
              .isZero();
          DataCacheResponse found =
              client
                  .repeated(
                      Action.DESCRIBE_DATA_CACHES,
                      Map.of("DataCacheId.1", cache),
                      DescribeDataCachesResponse.class)
                  .dataCaches()
                  .getFirst();
          return "Available".equals(found.status())
              && String.valueOf(found.dataSource()).contains(file);
        });
  }

  private static String started(PatientClient client, String token) {
    Map<String, String> wish =
        new HashMap<>(
            Map.of(
                "ClientToken", token,
                "ContainerGroupName", "mounting",
                "Cpu", "0.25",
                "Memory", "0.5",
                "Container.1.Name", "app",
                "Container.1.Image", "podyard/app:1"));
    wish.putAll(
        Map.of(
            "DataCacheBucket", "default",
            "Volume.1.Name", "data",
            "Volume.1.Type", "HostPathVolume",
            "Volume.1.HostPathVolume.Path", "/killed",
            "Container.1.VolumeMount.1.Name", "data",
            "Container.1.VolumeMount.1.MountPath", "/data"));
    String group =
        Objects.requireNonNull(
            client
                .repeated(Action.CREATE_CONTAINER_GROUP, wish, CreateContainerGroupResponse.class)
                .containerGroupId());
    Waiting.until(
        group + " runs",
        LONGEST,
        () ->
            client
                .repeated(
                    Action.DESCRIBE_CONTAINER_GROUPS,
                    Map.of("ContainerGroupIds", "[\"" + group + "\"]"),
                    DescribeContainerGroupsResponse.class)
                .containerGroups()
                .stream()
                .anyMatch(found -> "Running".equals(found.status())));
    return group;
  }
}
