package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.commit.CommitContainerResponse;
import io.podyard.api.commit.DescribeCommitContainerTaskResponse;
import io.podyard.api.container.DescribeContainerLogResponse;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.api.containergroup.BatchCreateContainerGroupsResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupsResponse;
import io.podyard.api.containergroup.DescribeContainerGroupEventsResponse;
import io.podyard.api.containergroup.DescribeContainerGroupStatusResponse;
import io.podyard.api.datacache.CreateDataCacheResponse;
import io.podyard.api.datacache.DataCacheResponse;
import io.podyard.api.datacache.DeleteDataCacheResponse;
import io.podyard.api.datacache.DescribeDataCachesResponse;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DeleteImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import io.podyard.api.metric.DescribeContainerGroupMetricResponse;
import io.podyard.api.metric.DescribeMultiContainerGroupMetricResponse;
import io.podyard.api.ops.DescribeInstanceOpsRecordsResponse;
import io.podyard.api.price.DescribeContainerGroupPriceResponse;
import io.podyard.api.quota.ListUsageResponse;
import io.podyard.api.region.DescribeRegionsResponse;
import io.podyard.api.stock.DescribeAvailableResourceResponse;
import io.podyard.api.tag.ListTagResourcesResponse;
import io.podyard.controlplane.testing.ExecSocket;
import io.podyard.controlplane.testing.TestServer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What another account, the operator's included, can see of a group and do to it: nothing. Each
 * action has its case; a new one does not compile without.
 */
class IsolationTest {

  private final TestServer server = TestServer.shared();
  private final Groups owner = Groups.ofNewAccount(server);
  private String id = "";
  private String task = "";

  @BeforeEach
  void createGroup() {
    id =
        owner.create(
            Groups.shell(
                "echo private; sleep infinity",
                "ContainerGroupName=private",
                "ClientToken=one-token",
                "Tag.1.Key=private",
                "Tag.1.Value=yes"));
    owner.untilStatus(id, "Running");
    task =
        Objects.requireNonNull(
            owner
                .call(
                    Action.COMMIT_CONTAINER,
                    CommitContainerResponse.class,
                    "ContainerGroupId=" + id,
                    "ContainerName=main",
                    "Image.Repository=registry.test/own",
                    "Image.Tag=1")
                .taskId());
  }

  @AfterEach
  void deleteGroup() {
    owner.delete(id, "Force=true");
    owner.untilGone(id);
  }

  private String cache(Action action) {
    return Objects.requireNonNull(
        owner
            .call(
                Action.CREATE_IMAGE_CACHE,
                CreateImageCacheResponse.class,
                "ImageCacheName=private",
                "Image.1=registry.test/private:1",
                "ClientToken=" + action.wireName() + id)
            .imageCacheId());
  }

  private void deleteCache(String cache) {
    owner.call(Action.DELETE_IMAGE_CACHE, DeleteImageCacheResponse.class, "ImageCacheId=" + cache);
  }

  private static List<String> caches(Groups groups, String filter) {
    return groups
        .call(Action.DESCRIBE_IMAGE_CACHES, DescribeImageCachesResponse.class, filter)
        .imageCaches()
        .stream()
        .map(ImageCacheResponse::imageCacheId)
        .map(Objects::requireNonNull)
        .toList();
  }

  private void dataCaches(Groups stranger, Action action) {
    String[] wish = {
      "Path=/" + action.wireName() + id,
      "DataSource.Type=URL",
      "DataSource.Options.url=http://files.test/1MiB",
      "ClientToken=" + action.wireName() + id
    };
    String cache = dataCache(owner, wish);
    String named = "DataCacheId=" + cache;
    switch (action) {
      case CREATE_DATA_CACHE -> {
        String other = dataCache(stranger, wish);
        assertThat(other).isNotEqualTo(cache);
        stranger.call(
            Action.DELETE_DATA_CACHE, DeleteDataCacheResponse.class, "DataCacheId=" + other);
      }
      case DESCRIBE_DATA_CACHES -> {
        String one = "DataCacheId.1=" + cache;
        assertThat(dataCaches(owner, one)).containsExactly(cache);
        for (String filter : List.of(one, wish[0], "Bucket=default", "Limit=20")) {
          assertThat(dataCaches(stranger, filter)).as(filter).doesNotContain(cache);
        }
      }
      case COPY_DATA_CACHE ->
          assertNotFound(stranger, action, named, "DestinationRegionId=cn-hangzhou", "Path=/mine");
      case UPDATE_DATA_CACHE -> assertNotFound(stranger, action, named, "Name=mine");
      default -> {
        assertNotFound(stranger, action, named);
        assertNotFound(stranger, action, wish[0]);
      }
    }
    owner.call(Action.DELETE_DATA_CACHE, DeleteDataCacheResponse.class, named);
  }

  private static String dataCache(Groups groups, String... wish) {
    return Objects.requireNonNull(
        groups.call(Action.CREATE_DATA_CACHE, CreateDataCacheResponse.class, wish).dataCacheId());
  }

  private static List<String> dataCaches(Groups groups, String filter) {
    return groups
        .call(Action.DESCRIBE_DATA_CACHES, DescribeDataCachesResponse.class, filter)
        .dataCaches()
        .stream()
        .map(DataCacheResponse::dataCacheId)
        .map(Objects::requireNonNull)
        .toList();
  }

  /** Everything stored of the group. */
  private List<Map<String, Object>> stored() {
    return server
        .jdbc()
        .queryForList(
            """
            select to_jsonb(g)::text as row,
                   (select jsonb_agg(e order by e.reason, e.message_digest)::text
                    from group_event e where e.group_id = g.id) as events
            from container_group g where g.id = ?
            """,
            id);
  }

  @Test
  void anotherAccountSeesNothingOfAGroupAndChangesNothing() {
    tryEverything(Groups.ofNewAccount(server));
  }

  @Test
  void theOperatorIsNoExceptionAtThisDoor() {
    tryEverything(Groups.of(server, server.operator()));
  }

  private void tryEverything(Groups stranger) {
    List<Map<String, Object>> before = stored();
    for (Action action : Action.values()) {
      tryAction(stranger, action);
      assertThat(stored()).as("after %s", action).isEqualTo(before);
    }
    assertThat(owner.get(id).status()).isEqualTo("Running");
    assertThat(owner.get(id).tags()).hasSize(1);
    assertThat(owner.log(id, "main")).isEqualTo("private\n");
  }

  private void tryAction(Groups stranger, Action action) {
    switch (action) {
      case CREATE_CONTAINER_GROUP -> {
        // The same request with the same token, but of somebody else.
        String own =
            stranger.create(
                Groups.shell(
                    "echo private; sleep infinity",
                    "ContainerGroupName=private",
                    "ClientToken=one-token"));
        assertThat(own).isNotEqualTo(id);
        stranger.delete(own, "Force=true");
        stranger.untilGone(own);
      }
      case DESCRIBE_CONTAINER_GROUPS -> {
        assertThat(stranger.find(id)).isEmpty();
        for (String filter :
            List.of(
                "RegionId=cn-hangzhou",
                "ContainerGroupName=private",
                "Status=Running",
                "Tag.1.Key=private",
                "NextToken=" + token("after:zzz"))) {
          assertThat(stranger.list(filter).containerGroups())
              .extracting(ContainerGroupResponse::containerGroupId)
              .as(filter)
              .doesNotContain(id);
        }
        assertThat(stranger.list("Tag.1.Key=private").totalCount()).isZero();
      }
      case UPDATE_CONTAINER_GROUP -> {
        assertNotFound(stranger, action, "ContainerGroupId=" + id, "RestartPolicy=Never");
        assertNotFound(
            stranger, action, "ContainerGroupId=" + id, "Tag.1.Key=mine", "ClientToken=t");
      }
      case RESTART_CONTAINER_GROUP -> {
        assertNotFound(stranger, action, "ContainerGroupId=" + id);
        assertNotFound(stranger, action, "ContainerGroupId=" + id, "ClientToken=t");
      }
      case RESIZE_CONTAINER_GROUP_VOLUME -> {
        assertNotFound(stranger, action, "ContainerGroupId=" + id, "VolumeName=data", "NewSize=40");
        assertNotFound(
            stranger,
            action,
            "ContainerGroupId=" + id,
            "VolumeName=data",
            "NewSize=40",
            "ClientToken=t");
      }
      case DESCRIBE_CONTAINER_GROUP_STATUS -> {
        for (String filter : List.of("ContainerGroupIds=[\"" + id + "\"]", "Tag.1.Key=private")) {
          DescribeContainerGroupStatusResponse pods =
              stranger.call(action, DescribeContainerGroupStatusResponse.class, filter);
          assertThat(pods.data()).isEmpty();
          assertThat(pods.totalCount()).isZero();
        }
      }
      case DELETE_CONTAINER_GROUP -> {
        assertNotFound(stranger, action, "ContainerGroupId=" + id);
        assertNotFound(stranger, action, "ContainerGroupId=" + id, "Force=true");
        assertNotFound(stranger, action, "ContainerGroupId=" + id, "ClientToken=t");
      }
      case BATCH_CREATE_CONTAINER_GROUPS -> {
        for (String own :
            stranger
                .call(
                    action,
                    BatchCreateContainerGroupsResponse.class,
                    "ContainerGroupName=private",
                    "ClientToken=one-token",
                    "Amount=2",
                    "Cpu=0.25",
                    "Memory=0.5",
                    "Container.1.Name=main",
                    "Container.1.Image=registry.test/shell:1")
                .containerGroupIds()) {
          assertThat(own).isNotEqualTo(id);
          stranger.delete(own, "Force=true");
          stranger.untilGone(own);
        }
      }
      case RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE -> {
        assertNotFound(stranger, action, "ContainerGroupId=" + id, "NewSize=7");
        assertNotFound(
            stranger, action, "ContainerGroupId=" + id, "NewSize=7", "ClientToken=one-token");
      }
      case DELETE_CONTAINER_GROUPS ->
          assertThat(
                  stranger
                      .call(
                          action,
                          DeleteContainerGroupsResponse.class,
                          "ContainerGroupIds=[\"" + id + "\",\"eci-unknown\"]")
                      .instanceResponseSet())
              .hasSize(2)
              .allMatch(one -> ErrorCode.INVALID_PARAMETER_NOT_FOUND.code().equals(one.code()));
      case DESCRIBE_CONTAINER_LOG -> {
        assertNotFound(stranger, action, "ContainerGroupId=" + id, "ContainerName=main");
        assertNotFound(
            stranger, action, "ContainerGroupId=" + id, "ContainerName=main", "LastTime=true");
        assertThat(
                owner
                    .call(
                        action,
                        DescribeContainerLogResponse.class,
                        "ContainerGroupId=" + id,
                        "ContainerName=main")
                    .content())
            .isNotEmpty();
      }
      case EXEC_CONTAINER_COMMAND -> {
        for (String sync : List.of("Sync=true", "Sync=false", "TTY=true")) {
          assertNotFound(
              stranger,
              action,
              "ContainerGroupId=" + id,
              "ContainerName=main",
              "Command=[\"true\"]",
              sync);
        }
        secretsOpenTheirOwnSessionsOnly(stranger);
      }
      case COMMIT_CONTAINER ->
          assertNotFound(
              stranger,
              action,
              "ContainerGroupId=" + id,
              "ContainerName=main",
              "Image.Repository=registry.test/stolen",
              "Image.Tag=1");
      case DESCRIBE_COMMIT_CONTAINER_TASK -> {
        assertThat(
                owner
                    .call(
                        action, DescribeCommitContainerTaskResponse.class, "ContainerGroupId=" + id)
                    .commitTasks())
            .as("the owner's own")
            .hasSize(1);
        for (String filter :
            List.of(
                "ContainerGroupId=" + id,
                "TaskId.1=" + task,
                "MaxResults=50",
                "NextToken=" + token("commit-after:zzz"))) {
          DescribeCommitContainerTaskResponse tasks =
              stranger.call(action, DescribeCommitContainerTaskResponse.class, filter);
          // The operator may have tasks of its own.
          assertThat(tasks.commitTasks()).as(filter).noneMatch(one -> task.equals(one.taskId()));
        }
      }
      case CREATE_INSTANCE_OPS_TASK -> {
        for (String enable : List.of("true", "false")) {
          assertThat(
                  stranger
                      .refusal(
                          action,
                          Groups.parameters(
                              "ContainerGroupId=" + id,
                              "OpsType=tcpdump",
                              "OpsValue={\"Enable\":" + enable + "}"))
                      .errorCode())
              .contains(ErrorCode.INVALID_INSTANCE_ID_NOT_FOUND);
        }
      }
      case CREATE_DATA_CACHE,
          UPDATE_DATA_CACHE,
          COPY_DATA_CACHE,
          DELETE_DATA_CACHE,
          DESCRIBE_DATA_CACHES ->
          dataCaches(stranger, action);
      case CREATE_IMAGE_CACHE, UPDATE_IMAGE_CACHE, DELETE_IMAGE_CACHE -> {
        String cache = cache(action);
        if (action == Action.CREATE_IMAGE_CACHE) {
          CreateImageCacheResponse other =
              stranger.call(
                  action,
                  CreateImageCacheResponse.class,
                  "ImageCacheName=private",
                  "Image.1=registry.test/private:1",
                  "ClientToken=" + action.wireName() + id);
          assertThat(other.imageCacheId()).isNotEqualTo(cache);
          stranger.call(
              Action.DELETE_IMAGE_CACHE,
              DeleteImageCacheResponse.class,
              "ImageCacheId=" + other.imageCacheId());
        } else if (action == Action.UPDATE_IMAGE_CACHE) {
          assertNotFound(stranger, action, "ImageCacheId=" + cache, "ImageCacheName=mine");
        } else {
          assertNotFound(stranger, action, "ImageCacheId=" + cache);
        }
        deleteCache(cache);
      }
      case DESCRIBE_IMAGE_CACHES -> {
        String cache = cache(action);
        assertThat(caches(owner, "ImageCacheId=" + cache)).containsExactly(cache);
        for (String filter :
            List.of(
                "ImageCacheId=" + cache,
                "ImageCacheName=private",
                "SnapshotId=" + cache + ".1",
                "Image=registry.test/private:1",
                "MatchImage.1=registry.test/private:1",
                "Limit=100")) {
          assertThat(caches(stranger, filter)).as(filter).doesNotContain(cache);
        }
        deleteCache(cache);
      }
      case DESCRIBE_INSTANCE_OPS_RECORDS ->
          assertThat(
                  stranger
                      .call(
                          action,
                          DescribeInstanceOpsRecordsResponse.class,
                          "ContainerGroupId=" + id,
                          "OpsType=tcpdump")
                      .records())
              .isEmpty();
      case EXPORT_CONTAINER_GROUP_TEMPLATE ->
          assertNotFound(stranger, action, "ContainerGroupId=" + id);
      case CREATE_CONTAINER_GROUP_FROM_TEMPLATE ->
          assertThat(stranger.refusal(action, Groups.parameters("Template={}")).getMessage())
              .doesNotContain(id);
      case UPDATE_CONTAINER_GROUP_BY_TEMPLATE ->
          assertNotFound(
              stranger,
              action,
              "Template={\"ContainerGroupName\":\"private\",\"Spec\":{\"RestartPolicy\":\"Never\"}}");
      case LIST_USAGE -> {
        BigDecimal groups = usedGroups(stranger);
        String own = stranger.create(Groups.shell("sleep infinity"));
        assertThat(usedGroups(stranger)).isEqualByComparingTo(groups.add(BigDecimal.ONE));
        assertThat(usedGroups(owner)).isEqualByComparingTo("1");
        stranger.delete(own, "Force=true");
        stranger.untilGone(own);
      }
      case DESCRIBE_CONTAINER_GROUP_PRICE ->
          assertThat(stranger.call(action, DescribeContainerGroupPriceResponse.class).priceInfo())
              .isEqualTo(owner.call(action, DescribeContainerGroupPriceResponse.class).priceInfo());
      case DESCRIBE_AVAILABLE_RESOURCE ->
          assertThat(
                  stranger
                      .call(
                          action,
                          DescribeAvailableResourceResponse.class,
                          "DestinationResource.Category=InstanceType",
                          "DestinationResource.Cores=2",
                          "DestinationResource.Memory=4")
                      .toString())
              .doesNotContain(id);
      case DESCRIBE_REGIONS ->
          assertThat(stranger.call(action, DescribeRegionsResponse.class).regions())
              .isEqualTo(owner.call(action, DescribeRegionsResponse.class).regions());
      case DESCRIBE_CONTAINER_GROUP_EVENTS -> {
        for (String filter : List.of("ContainerGroupIds=[\"" + id + "\"]", "Tag.1.Key=private")) {
          DescribeContainerGroupEventsResponse events =
              stranger.call(action, DescribeContainerGroupEventsResponse.class, filter);
          assertThat(events.data()).isEmpty();
          assertThat(events.totalCount()).isZero();
        }
        assertThat(
                stranger
                    .call(action, DescribeContainerGroupEventsResponse.class, "Limit=200")
                    .data())
            .noneMatch(row -> id.equals(row.containerGroupId()));
      }
      case DESCRIBE_CONTAINER_GROUP_METRIC -> {
        assertNotFound(stranger, action, "ContainerGroupId=" + id);
        assertNotFound(
            stranger,
            action,
            "ContainerGroupId=" + id,
            "StartTime=" + Instant.now().minusSeconds(60));
        assertThat(
                owner
                    .call(
                        action,
                        DescribeContainerGroupMetricResponse.class,
                        "ContainerGroupId=" + id)
                    .containerGroupId())
            .isEqualTo(id);
      }
      case DESCRIBE_MULTI_CONTAINER_GROUP_METRIC -> {
        String ids = "ContainerGroupIds=[\"" + id + "\",\"eci-unknown\"]";
        assertThat(
                stranger
                    .call(action, DescribeMultiContainerGroupMetricResponse.class, ids)
                    .monitorDatas())
            .isEmpty();
        assertThat(
                owner
                    .call(action, DescribeMultiContainerGroupMetricResponse.class, ids)
                    .monitorDatas())
            .hasSize(1);
      }
      case TAG_RESOURCES ->
          assertNotFound(
              stranger,
              action,
              "ResourceType=ContainerGroup",
              "ResourceId.1=" + id,
              "Tag.1.Key=mine");
      case UNTAG_RESOURCES -> {
        assertNotFound(
            stranger,
            action,
            "ResourceType=ContainerGroup",
            "ResourceId.1=" + id,
            "TagKey.1=private");
        assertNotFound(
            stranger, action, "ResourceType=ContainerGroup", "ResourceId.1=" + id, "All=true");
      }
      case LIST_TAG_RESOURCES -> {
        for (String filter :
            List.of(
                "ResourceId.1=" + id,
                "Tag.1.Key=private",
                "NextToken=" + token("tag-after:zzz:"))) {
          assertThat(
                  stranger
                      .call(
                          action,
                          ListTagResourcesResponse.class,
                          "ResourceType=ContainerGroup",
                          filter)
                      .tagResources())
              .as(filter)
              .noneMatch(row -> id.equals(row.resourceId()));
        }
      }
    }
  }

  private static BigDecimal usedGroups(Groups account) {
    return Objects.requireNonNull(
        account
            .call(Action.LIST_USAGE, ListUsageResponse.class)
            .attributes()
            .get("UsedContainerGroup"));
  }

  /** Who asked for a session is whose container its secret leads to. */
  private void secretsOpenTheirOwnSessionsOnly(Groups stranger) {
    String other = stranger.create(Groups.shell("sleep infinity", "ContainerGroupName=other"));
    stranger.untilStatus(other, "Running");
    for (Groups account : List.of(owner, stranger)) {
      String group = account == owner ? id : other;
      ExecContainerCommandResponse answer =
          account.call(
              Action.EXEC_CONTAINER_COMMAND,
              ExecContainerCommandResponse.class,
              "ContainerGroupId=" + group,
              "ContainerName=main",
              "Command=[\"true\"]");
      ExecSocket.open(String.valueOf(answer.webSocketUri()), ExecSocket.V4).status();
      assertThat(ExecSocket.refusal(String.valueOf(answer.webSocketUri()), ExecSocket.V4))
          .isEqualTo(404);
    }
    assertThat(sessionsOf(owner, id)).isEqualTo(sessionsOf(stranger, other)).isEqualTo(1);
    stranger.delete(other, "Force=true");
    stranger.untilGone(other);
    int _ = server.jdbc().update("delete from exec_session where group_id = ?", id);
  }

  private int sessionsOf(Groups account, String group) {
    Integer opened =
        server
            .jdbc()
            .queryForObject(
                """
                select count(*) from exec_session
                where group_id = ? and opened_at is not null
                  and account_id = (select account_id from container_group where id = group_id)
                """,
                Integer.class,
                group);
    assertThat(account.find(group)).isPresent();
    return opened == null ? 0 : opened;
  }

  private static String token(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void assertNotFound(Groups stranger, Action action, String... parameters) {
    assertThat(stranger.refusal(action, Groups.parameters(parameters)).errorCode())
        .as("%s %s", action, List.of(parameters))
        .contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
  }
}
