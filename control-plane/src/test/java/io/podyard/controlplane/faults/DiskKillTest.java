package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The server dies at each step of the life of a disk: when it is asked for, made, grown, left by
 * its group, removed. What is to stay stays, as large as it was made; what is to go goes.
 */
class DiskKillTest {

  /** The first ones are the short form. */
  private static final List<String> POINTS =
      List.of(
          "createSandbox:after:1",
          "change:after:1",
          "removeDisk:after:1",
          "removedDisk:after:1",
          "create:before:1",
          "create:after:1",
          "createSandbox:before:1",
          "change:before:1",
          "removeSandbox:after:1",
          "transition:before:4",
          "transition:after:4",
          "delete:after:1",
          "removeDisk:before:1",
          "removedDisk:before:1");

  @Test
  void killedAtEachStepOfADiskItLosesAndLeavesNone() throws Exception {
    List<String> points = POINTS.subList(0, Length.of(4, POINTS.size()));
    Map<String, String> hosts = Map.of("PODYARD_SIMULATED_HOST_SIZE", "4vCPU/16GiB");
    try (ServerProcess server = ServerProcess.in("disks", hosts).start();
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      server.kill9();
      for (String point : points) {
        server.launch(Map.of("PODYARD_CRASH_AT", point));
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread life =
            Thread.ofVirtual().start(() -> live(server.client(), inspection, point, failure));
        assertThat(server.diedWithin(Duration.ofMinutes(2))).as(point).isTrue();
        server.start();
        assertThat(life.join(Duration.ofMinutes(2))).as(point).isTrue();
        assertThat(failure.get()).as(point).isNull();
        server.kill9();
      }
      server.start();
      inspection.awaitSettled();
      inspection.mustBeContent();
      List<String> kept =
          inspection
              .jdbc()
              .queryForList(
                  "select id from persistent_volume where deleting_at is null", String.class);
      assertThat(kept).hasSize(points.size());
      assertThat(inspection.disks()).containsExactlyInAnyOrderElementsOf(kept);
      assertThat(
              inspection
                  .jdbc()
                  .queryForList(
                      "select distinct size_gib from persistent_volume where deleting_at is null",
                      Integer.class))
          .containsExactly(30);
      assertThat(server.errors()).isEmpty();
    }
  }

  /**
   * The whole life of a group with a disk that stays and one that goes, each call until it is
   * answered.
   */
  private static void live(
      PodyardClient client,
      Inspection inspection,
      String name,
      AtomicReference<@Nullable Throwable> failure) {
    try {
      String token = name.replace(':', '-');
      Map<String, String> create = new LinkedHashMap<>();
      create.put("ClientToken", token);
      create.put("ContainerGroupName", "disks");
      create.put("Cpu", "0.5");
      create.put("Memory", "1");
      create.put("TerminationGracePeriodSeconds", "1");
      create.put("Container.1.Name", "app");
      create.put("Container.1.Image", "podyard/app:1");
      for (String volume : List.of("stays", "goes")) {
        String path = "Volume." + (volume.equals("stays") ? 1 : 2) + ".";
        create.put(path + "Name", volume);
        create.put(path + "Type", "FlexVolume");
        create.put(path + "FlexVolume.Driver", "alicloud/disk");
        create.put(
            path + "FlexVolume.Options",
            "{\"volumeSize\":20,\"deleteWithInstance\":%s}".formatted(volume.equals("goes")));
      }
      String group =
          Objects.requireNonNull(
              insist(
                      client,
                      Action.CREATE_CONTAINER_GROUP,
                      create,
                      CreateContainerGroupResponse.class)
                  .containerGroupId());
      awaitStatus(client, group, "Running");
      Object _ =
          insist(
              client,
              Action.RESIZE_CONTAINER_GROUP_VOLUME,
              Map.of(
                  "ContainerGroupId",
                  group,
                  "VolumeName",
                  "stays",
                  "NewSize",
                  "30",
                  "ClientToken",
                  "larger-" + token),
              Action.RESIZE_CONTAINER_GROUP_VOLUME.responseType());
      awaitStatus(client, group, "Running");
      Object _ =
          insist(
              client,
              Action.DELETE_CONTAINER_GROUP,
              Map.of("ContainerGroupId", group, "ClientToken", "end-" + token),
              Action.DELETE_CONTAINER_GROUP.responseType());
      awaitStatus(client, group, "");
      Waiting.until(
          "the end of the disk that goes",
          () ->
              inspection
                  .jdbc()
                  .queryForList(
                      "select id from persistent_volume where attached_to is not null"
                          + " or (deleting_at is not null and removed_at is null)",
                      String.class)
                  .isEmpty());
    } catch (RuntimeException | AssertionError failed) {
      failure.set(failed);
    }
  }

  private static void awaitStatus(PodyardClient client, String group, String status) {
    Waiting.until(
        group + " to be " + (status.isEmpty() ? "gone" : status),
        () ->
            insist(
                    client,
                    Action.DESCRIBE_CONTAINER_GROUPS,
                    Map.of("ContainerGroupIds", "[\"" + group + "\"]"),
                    DescribeContainerGroupsResponse.class)
                .containerGroups()
                .stream()
                .map(found -> String.valueOf(found.status()))
                .findFirst()
                .orElse("")
                .equals(status));
  }

  private static <R> R insist(
      PodyardClient client, Action action, Map<String, String> parameters, Class<R> type) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (true) {
      try {
        return client.call(action, parameters, type);
      } catch (PodyardCallException e) {
        boolean mayComeRight =
            e.httpStatus() == 0
                || e.httpStatus() == 503
                || e.errorCode().equals(Optional.of(ErrorCode.LAST_TOKEN_PROCESSING));
        if (!mayComeRight || System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }
}
