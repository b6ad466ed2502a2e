package io.podyard.bench;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupRequest;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A group as a user of ECI starts it: created, then described until it is Running.
 *
 * @param sent when the create was sent
 * @param seen when the answer that showed it Running was there
 * @param answeredMillis from sending the create to its answer
 * @param runningMillis from sending the create to {@code seen}
 */
public record PodyardGroup(
    String id, Instant sent, Instant seen, double answeredMillis, double runningMillis) {

  /** Between two looks; each look costs the server about a millisecond. */
  public static final Duration BETWEEN_LOOKS =
      Duration.ofMillis(Settings.number("BENCH_LOOK_MILLIS", 5));

  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Creates it and waits until it is Running. */
  public static PodyardGroup start(PodyardClient client, CreateContainerGroupRequest request) {
    Instant sent = Instant.now();
    long start = System.nanoTime();
    String id = create(client, request);
    long answered = System.nanoTime();
    Waiting.until("the start of " + id, LONGEST, BETWEEN_LOOKS, () -> isRunning(client, id));
    long running = System.nanoTime();
    return new PodyardGroup(
        id, sent, Instant.now(), (answered - start) / 1e6, (running - start) / 1e6);
  }

  /** Creates it and answers its id. */
  public static String create(PodyardClient client, CreateContainerGroupRequest request) {
    return Objects.requireNonNull(
        client
            .call(Action.CREATE_CONTAINER_GROUP, request, CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private static boolean isRunning(PodyardClient client, String id) {
    DescribeContainerGroupsRequest request =
        DescribeContainerGroupsRequest.builder().containerGroupIds(List.of(id)).build();
    return client
        .call(Action.DESCRIBE_CONTAINER_GROUPS, request, DescribeContainerGroupsResponse.class)
        .containerGroups()
        .stream()
        .anyMatch(group -> "Running".equals(group.status()));
  }

  /** Asks for it over and over, as {@link #start} does: a server is warm when it is measured. */
  public void look(PodyardClient client, int times) {
    for (int i = 0; i < times; i++) {
      boolean _ = isRunning(client, id);
    }
  }

  /** Deletes it and waits until the engine has nothing of it any more. */
  public void delete(PodyardClient client, Engine engine) {
    delete(client, id);
    Waiting.until(
        "the end of " + id, LONGEST, Duration.ofMillis(100), () -> engine.containers(id).isEmpty());
  }

  /** Deletes one; returns at once. */
  public static void delete(PodyardClient client, String id) {
    DeleteContainerGroupResponse _ =
        client.call(
            Action.DELETE_CONTAINER_GROUP,
            new DeleteContainerGroupRequest(null, id, true, null, null, null, null, null),
            DeleteContainerGroupResponse.class);
  }
}
