package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One account's calls of all actions, one after the other, valid and broken, from a seed. What it
 * did tells it what answers are possible.
 */
final class Walk {

  private static final int MOST_GROUPS = 8;
  private static final String UNKNOWN = "eci-00000000000000000000";

  private final PodyardClient client;
  private final Random random;
  private final Nonsense nonsense;
  private final String name;
  private final Set<String> live = new LinkedHashSet<>();

  /** Deleted and seen to be gone since. */
  private final Set<String> gone = new LinkedHashSet<>();

  private final Map<String, Map<String, String>> tokens = new LinkedHashMap<>();
  private final Map<String, String> made = new LinkedHashMap<>();
  private int step;
  private String doing = "";
  private String lastRefusal = "";

  Walk(PodyardClient client, Random random, String name) {
    this.client = client;
    this.random = random;
    this.nonsense = new Nonsense(random);
    this.name = name;
  }

  /** What it did last, for a failure. */
  String where() {
    return "%s, step %d: %s".formatted(name, step, doing);
  }

  int steps() {
    return step;
  }

  void step() {
    step++;
    switch (random.nextInt(22)) {
      case 0, 1, 2 -> create();
      case 3 -> createAgain();
      case 4 -> createInVain();
      case 5, 6 -> delete();
      case 7 -> lookForTheGone();
      case 8, 9, 10, 11 -> nonsense();
      case 12 -> createTogether();
      case 13 -> deleteTogether();
      default -> onGroup();
    }
  }

  private String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String anyOf(Set<String> ids) {
    return ids.isEmpty() ? UNKNOWN : List.copyOf(ids).get(random.nextInt(ids.size()));
  }

  /** A group that lives, that is gone, or that never was. */
  private String anyId() {
    return switch (random.nextInt(6)) {
      case 0 -> anyOf(gone);
      case 1 -> UNKNOWN;
      default -> anyOf(live);
    };
  }

  private Map<String, String> group() {
    Map<String, String> request =
        Groups.shell(
            one("sleep infinity", "true", "exit 3", "sleep 0.3", "echo words; sleep infinity"),
            "ContainerGroupName=" + name + "-" + step,
            "RestartPolicy=" + one("Always", "OnFailure", "Never"),
            "TerminationGracePeriodSeconds=" + random.nextInt(3),
            "Tag.1.Key=walk",
            "Tag.1.Value=" + step);
    if (random.nextBoolean()) {
      request.putAll(
          Groups.parameters(
              "InitContainer.1.Name=init",
              "InitContainer.1.Image=init:1",
              "InitContainer.1.Command.1=" + one("true", "false"),
              "Volume.1.Name=v",
              "Volume.1.Type=EmptyDirVolume",
              "Container.1.VolumeMount.1.Name=v",
              "Container.1.VolumeMount.1.MountPath=/v"));
      if (random.nextBoolean()) {
        request.putAll(
            Groups.parameters(
                "Volume.2.Name=disk",
                "Volume.2.Type=FlexVolume",
                "Volume.2.FlexVolume.Driver=alicloud/disk",
                "Volume.2.FlexVolume.Options={\"volumeSize\":20,\"deleteWithInstance\":true}"));
      }
    }
    return request;
  }

  private void create() {
    if (live.size() >= MOST_GROUPS) {
      delete();
      return;
    }
    Map<String, String> request = group();
    String token = name + "-token-" + step;
    if (random.nextBoolean()) {
      request.put("ClientToken", token);
    }
    String id =
        required(Action.CREATE_CONTAINER_GROUP, request).path("ContainerGroupId").asString();
    live.add(id);
    if (request.containsKey("ClientToken")) {
      tokens.put(token, request);
      made.put(token, id);
    }
    assertThat(count("ContainerGroupIds=[\"" + id + "\"]")).as("what was made is there").isOne();
  }

  private void createTogether() {
    if (live.size() + 2 > MOST_GROUPS) {
      deleteTogether();
      return;
    }
    Map<String, String> request = group();
    request.put("Amount", "2");
    request.put("ClientToken", name + "-batch-" + step);
    JsonNode answer = required(Action.BATCH_CREATE_CONTAINER_GROUPS, request);
    List<String> ids =
        answer.path("ContainerGroupIds").valueStream().map(JsonNode::asString).toList();
    live.addAll(ids);
    assertThat(count("ContainerGroupIds=[\"" + String.join("\",\"", ids) + "\"]"))
        .as("what was made is there")
        .isEqualTo(2);
    assertThat(
            required(Action.BATCH_CREATE_CONTAINER_GROUPS, request)
                .path("ContainerGroupIds")
                .valueStream()
                .map(JsonNode::asString))
        .isEqualTo(ids);
  }

  private void deleteTogether() {
    List<String> ids = List.of(anyId(), anyId());
    JsonNode answer =
        required(
            Action.DELETE_CONTAINER_GROUPS,
            Groups.parameters("ContainerGroupIds=[\"" + String.join("\",\"", ids) + "\"]"));
    answer
        .path("InstanceResponseSet")
        .forEach(
            one -> {
              if (!one.path("Code").asString().equals("200")) {
                forgetIfGone(one.path("ContainerGroupId").asString());
              }
            });
  }

  /** With a token that was used: the same request, or another one. */
  private void createAgain() {
    if (tokens.isEmpty()) {
      return;
    }
    String token = anyOf(tokens.keySet());
    Map<String, String> request = new LinkedHashMap<>(tokens.get(token));
    if (random.nextBoolean()) {
      request.put("Container.1.Image", "another:1");
      assertThat(refused(Action.CREATE_CONTAINER_GROUP, request))
          .isEqualTo("IdempotentParameterMismatch");
    } else {
      assertThat(
              required(Action.CREATE_CONTAINER_GROUP, request).path("ContainerGroupId").asString())
          .isEqualTo(made.get(token));
    }
  }

  private void createInVain() {
    Map<String, String> request = group();
    request.putAll(
        Groups.parameters(
            one(
                "Cpu=-1",
                "Container.1.VolumeMount.1.Name=nowhere",
                "Volume.1.Type=Strange",
                "ZoneId=mars",
                "DryRun=true",
                "RestartPolicy=Sometimes")));
    String _ = refused(Action.CREATE_CONTAINER_GROUP, request);
    assertThat(count("ContainerGroupName=" + request.get("ContainerGroupName")))
        .as("nothing came of it")
        .isZero();
  }

  private void delete() {
    String id = anyId();
    Map<String, String> request =
        Groups.parameters("ContainerGroupId=" + id, "Force=" + random.nextBoolean());
    JsonNode answer = call(Action.DELETE_CONTAINER_GROUP, request);
    if (answer == null) {
      // Deleted before and gone since, ended and over, or never there.
      forgetIfGone(id);
    }
  }

  private void forgetIfGone(String id) {
    if (live.contains(id) && count("ContainerGroupIds=[\"" + id + "\"]") == 0) {
      live.remove(id);
      gone.add(id);
    }
  }

  private void lookForTheGone() {
    List.copyOf(live).forEach(this::forgetIfGone);
    for (String id : gone) {
      assertThat(count("ContainerGroupIds=[\"" + id + "\"]")).as("%s is back", id).isZero();
    }
    String id = anyOf(gone);
    assertThat(refused(Action.RESTART_CONTAINER_GROUP, Groups.parameters("ContainerGroupId=" + id)))
        .isEqualTo("InvalidParameter.NotFound");
  }

  private void nonsense() {
    Nonsense.Request request = nonsense.next();
    String _ = refused(request.action(), request.parameters());
  }

  /** Anything that can be asked of one group, at any moment of its life. */
  private void onGroup() {
    String id = "ContainerGroupId=" + anyId();
    switch (random.nextInt(16)) {
      case 0 ->
          call(
              Action.UPDATE_CONTAINER_GROUP,
              id,
              "UpdateType=IncrementalUpdate",
              "Container.1.Name=main",
              "Container.1.Image=main:" + step,
              "Container.1.Command.1=sleep",
              "Container.1.Command.2=infinity");
      case 1 -> resize(id);
      case 2 -> call(Action.RESTART_CONTAINER_GROUP, id);
      case 3 ->
          call(
              Action.EXEC_CONTAINER_COMMAND,
              id,
              "ContainerName=" + one("main", "init", "nobody"),
              "Command=[\"echo\",\"hi\"]",
              "Sync=" + one("true", "false"));
      case 4 ->
          call(
              Action.DESCRIBE_CONTAINER_LOG,
              id,
              "ContainerName=" + one("main", "init", "nobody"),
              "LastTime=" + random.nextBoolean());
      case 5 -> call(Action.DESCRIBE_CONTAINER_GROUP_METRIC, id);
      case 6 -> call(Action.EXPORT_CONTAINER_GROUP_TEMPLATE, id);
      case 7 ->
          call(
              Action.TAG_RESOURCES,
              "ResourceType=ContainerGroup",
              id.replace("ContainerGroupId", "ResourceId.1"),
              "Tag.1.Key=at-" + random.nextInt(30),
              "Tag.1.Value=" + step);
      case 8 ->
          call(
              Action.UNTAG_RESOURCES,
              "ResourceType=ContainerGroup",
              id.replace("ContainerGroupId", "ResourceId.1"),
              "All=true");
      case 9 ->
          call(
              Action.COMMIT_CONTAINER,
              id,
              "ContainerName=main",
              "Image.Repository=registry.test/" + one("kept", "not-found"),
              "Image.Tag=1");
      case 10 ->
          call(
              Action.RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE,
              id,
              "NewSize=" + random.nextInt(100));
      case 11 -> {
        if (random.nextBoolean()) {
          call(
              Action.CREATE_INSTANCE_OPS_TASK,
              id,
              "OpsType=coredump",
              "OpsValue=" + one("enable", "disable"));
        } else {
          call(
              Action.CREATE_INSTANCE_OPS_TASK,
              id,
              "OpsType=tcpdump",
              "OpsValue={\"Enable\":%s,\"IfDeviceName\":\"%s\",\"Duration\":1}"
                  .formatted(random.nextInt(4) > 0, one("eth0", "eth9")));
        }
      }
      case 12 ->
          call(Action.DESCRIBE_INSTANCE_OPS_RECORDS, id, "OpsType=" + one("tcpdump", "coredump"));
      case 13 ->
          call(
              Action.RESIZE_CONTAINER_GROUP_VOLUME,
              id,
              "VolumeName=" + one("disk", "v", "none"),
              "NewSize=" + one("20", "21", "40"));
      case 14 ->
          call(
              anyOne(
                  Action.DESCRIBE_CONTAINER_GROUP_EVENTS,
                  Action.DESCRIBE_CONTAINER_GROUP_STATUS,
                  Action.DESCRIBE_COMMIT_CONTAINER_TASK,
                  Action.LIST_USAGE,
                  Action.DESCRIBE_REGIONS));
      default -> {
        JsonNode page = required(Action.DESCRIBE_CONTAINER_GROUPS, Groups.parameters("Limit=3"));
        String next = page.path("NextToken").asString("");
        if (!next.isEmpty()) {
          JsonNode _ =
              required(
                  Action.DESCRIBE_CONTAINER_GROUPS,
                  Groups.parameters("Limit=3", "NextToken=" + next));
        }
      }
    }
  }

  private void resize(String id) {
    Map<String, String> request = Groups.parameters(otherSize());
    request.putAll(Groups.parameters(id));
    JsonNode _ = call(Action.UPDATE_CONTAINER_GROUP, request);
  }

  private String[] otherSize() {
    return random.nextBoolean()
        ? new String[] {"Cpu=" + one("0.25", "0.5"), "Memory=1"}
        : new String[] {"RestartPolicy=" + one("Always", "OnFailure", "Never")};
  }

  private Action anyOne(Action... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Ends all that is left; answers what must vanish. */
  List<String> end() {
    List<String> left = new ArrayList<>(live);
    for (String id : left) {
      JsonNode _ =
          call(
              Action.DELETE_CONTAINER_GROUP,
              Groups.parameters("ContainerGroupId=" + id, "Force=true"));
    }
    return left;
  }

  int count(String filter) {
    return required(Action.DESCRIBE_CONTAINER_GROUPS, Groups.parameters(filter))
        .path("TotalCount")
        .asInt();
  }

  private @Nullable JsonNode call(Action action, String... parameters) {
    return call(action, Groups.parameters(parameters));
  }

  private JsonNode required(Action action, Map<String, String> parameters) {
    JsonNode answer = call(action, parameters);
    assertThat(answer).as("%s was refused: %s", doing, lastRefusal).isNotNull();
    return answer;
  }

  private String refused(Action action, Map<String, String> parameters) {
    JsonNode answer = call(action, parameters);
    assertThat(answer).as("%s was answered", doing).isNull();
    return lastRefusal;
  }

  /** The answer, null for a refusal; anything but the two is a failure. */
  private @Nullable JsonNode call(Action action, Map<String, String> parameters) {
    doing = action.wireName() + " " + parameters;
    try {
      JsonNode answer = client.call(action, parameters, JsonNode.class);
      assertThat(answer.path("RequestId").asString("")).as(doing).isNotEmpty();
      return answer;
    } catch (PodyardCallException refusal) {
      assertThat(refusal.httpStatus()).as("%s: %s", doing, refusal).isBetween(400, 499);
      assertThat(refusal.requestId()).as("%s: %s", doing, refusal).isNotEmpty();
      lastRefusal =
          refusal
              .errorCode()
              .orElseThrow(
                  () -> new AssertionError(doing + ": no code of the catalogue: " + refusal))
              .code();
      return null;
    }
  }
}
