package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.BatchCreateContainerGroupsResponse;
import io.podyard.api.containergroup.DeleteContainerGroupsResponse;
import io.podyard.api.containergroup.DeleteContainerGroupsResponse.InstanceResponse;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The server dies right before and right after the commit of what concerns several groups. */
class BatchCrashTest {

  private static final int AMOUNT = 5;

  private static List<String> create(ServerProcess server, String token) {
    return call(
            server,
            Action.BATCH_CREATE_CONTAINER_GROUPS,
            Map.of(
                "Amount", "" + AMOUNT,
                "ClientToken", token,
                "ContainerGroupName", token,
                "Cpu", "0.25",
                "Memory", "0.5",
                "TerminationGracePeriodSeconds", "1",
                "Container.1.Name", "app",
                "Container.1.Image", "podyard/app:1"),
            BatchCreateContainerGroupsResponse.class)
        .containerGroupIds();
  }

  private static List<String> delete(ServerProcess server, List<String> ids) {
    return call(
            server,
            Action.DELETE_CONTAINER_GROUPS,
            Map.of("ContainerGroupIds", "[\"" + String.join("\",\"", ids) + "\"]"),
            DeleteContainerGroupsResponse.class)
        .instanceResponseSet()
        .stream()
        .map(InstanceResponse::code)
        .toList();
  }

  /**
   * A server that has just started may not be able to do it yet; what it dies of is not asked
   * again.
   */
  private static <R> R call(
      ServerProcess server, Action action, Map<String, String> parameters, Class<R> type) {
    AtomicReference<R> answer = new AtomicReference<>();
    Waiting.until(
        "an answer other than 503",
        () -> {
          try {
            answer.set(server.client().call(action, parameters, type));
            return true;
          } catch (PodyardCallException e) {
            if (e.httpStatus() != 503) {
              throw e;
            }
            return false;
          }
        });
    return Objects.requireNonNull(answer.get());
  }

  @Test
  void groupsAreMadeAllOrNoneAndOnceAndDeletedWhenTheirClientIsTold() throws Exception {
    try (ServerProcess server = ServerProcess.in("batches", Map.of())) {
      List<String> sides = List.of("after", "before").subList(0, Length.of(1, 2));
      List<String> all = new ArrayList<>();
      for (String side : sides) {
        dying(server, "createBatch:" + side, () -> create(server, "token-" + side));
        List<String> ids = create(server, "token-" + side);
        assertThat(ids).hasSize(AMOUNT).doesNotHaveDuplicates();
        assertThat(create(server, "token-" + side)).isEqualTo(ids);
        all.addAll(ids);
      }
      try (Inspection inspection = Inspection.of(server.database(), server.socket())) {
        assertThat(inspection.jdbc().queryForList("select id from container_group", String.class))
            .containsExactlyInAnyOrderElementsOf(all);
        inspection.awaitSettled();
        inspection.mustBeContent();
      }

      dying(server, "deleteBatch:after", () -> delete(server, all));
      // Some may be gone by now; none is left over.
      assertThat(delete(server, all))
          .hasSize(all.size())
          .isSubsetOf("200", "InvalidParameter.NotFound");
      try (Inspection inspection = Inspection.of(server.database(), server.socket())) {
        Waiting.until(
            "the end of all groups",
            () ->
                inspection
                    .jdbc()
                    .queryForList("select id from container_group", String.class)
                    .isEmpty());
        inspection.mustBeContent();
      }
      assertThat(server.errors()).isEmpty();
    }
  }

  /** Asks a server that dies at a point, and starts it again. */
  private static void dying(ServerProcess server, String point, Runnable asking) throws Exception {
    if (server.isAlive()) {
      server.kill9();
    }
    server.start(Map.of("PODYARD_CRASH_AT", point + ":1"));
    assertThatThrownBy(asking::run).as(point).isInstanceOf(RuntimeException.class);
    assertThat(server.diedWithin(Duration.ofMinutes(1))).as(point).isTrue();
    server.start();
  }
}
