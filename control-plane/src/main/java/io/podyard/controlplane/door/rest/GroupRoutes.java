package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.ACCOUNT_ARREARAGE;
import static io.podyard.api.ErrorCode.DISK_NUMBER_LIMIT_EXCEED;
import static io.podyard.api.ErrorCode.DISK_VOLUME_NOT_IN_SAME_ZONE;
import static io.podyard.api.ErrorCode.DISK_VOLUME_NOT_SUPPORT;
import static io.podyard.api.ErrorCode.DRY_RUN_OPERATION;
import static io.podyard.api.ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH;
import static io.podyard.api.ErrorCode.IMAGE_SNAPSHOT_INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.IMAGE_SNAPSHOT_NOT_FOUND;
import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INCORRECT_STATUS_DETAIL;
import static io.podyard.api.ErrorCode.INVALID_DISK_ID_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_CPU_MEMORY;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_DUPLICATED_VOLUME_NAME;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_SPOT_CPU_MEMORY_SPEC;
import static io.podyard.api.ErrorCode.INVALID_VOLUME_TYPE;
import static io.podyard.api.ErrorCode.INVALID_VSWITCH_ID_IP_NOT_ENOUGH;
import static io.podyard.api.ErrorCode.LAST_TOKEN_PROCESSING;
import static io.podyard.api.ErrorCode.NO_NEED_UPDATE;
import static io.podyard.api.ErrorCode.OPERATION_CONFLICT;
import static io.podyard.api.ErrorCode.OPERATION_DENIED_NO_STOCK;
import static io.podyard.api.ErrorCode.OPERATION_DENIED_VSW_ZONE_MISMATCH;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;
import static io.podyard.api.ErrorCode.SPOT_NOT_MATCHED;
import static io.podyard.api.ErrorCode.ZONE_NOT_ON_SALE;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.controlplane.containergroup.DescribeGroups;
import io.podyard.controlplane.containergroup.KnownGroups;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.usage.GroupCosts;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Container groups as resources. */
@Configuration(proxyBeanMethods = false)
class GroupRoutes {

  static final String ALL = "/container-groups";
  static final String ONE = ALL + "/{containerGroupId}";

  private static final String EXAMPLE =
      """
      {
        "containerGroupName": "hello",
        "cpu": 2,
        "memory": 4,
        "restartPolicy": "Never",
        "container": [
          {
            "name": "hello",
            "image": "busybox:1.37",
            "command": ["sleep"],
            "arg": ["60"]
          }
        ],
        "tag": [{"key": "made-by", "value": "swagger-ui"}]
      }
      """;

  /** Of a group that is to be made, or several. */
  static final ErrorCode[] CREATE_ERRORS = {
    IMAGE_SNAPSHOT_NOT_FOUND,
    IMAGE_SNAPSHOT_INCORRECT_STATUS,
    INVALID_PARAMETER_LENGTH_EXCEEDED,
    INVALID_PARAMETER_VALUE_EXCEEDED,
    INVALID_PARAMETER_DUPLICATED_NAME,
    INVALID_PARAMETER_DUPLICATED_VOLUME_NAME,
    INVALID_PARAMETER_CPU_MEMORY,
    INVALID_DISK_ID_NOT_FOUND,
    DISK_NUMBER_LIMIT_EXCEED,
    DISK_VOLUME_NOT_IN_SAME_ZONE,
    DISK_VOLUME_NOT_SUPPORT,
    INCORRECT_STATUS,
    DRY_RUN_OPERATION,
    IDEMPOTENT_PARAMETER_MISMATCH,
    LAST_TOKEN_PROCESSING,
    OPERATION_DENIED_NO_STOCK,
    OPERATION_DENIED_VSW_ZONE_MISMATCH,
    INVALID_VSWITCH_ID_IP_NOT_ENOUGH,
    QUOTA_EXCEEDED,
    ACCOUNT_ARREARAGE,
    INVALID_SPOT_CPU_MEMORY_SPEC,
    SPOT_NOT_MATCHED,
    ZONE_NOT_ON_SALE
  };

  /** Of every way to change a group. */
  static final ErrorCode[] UPDATE_ERRORS = {
    INVALID_PARAMETER_NOT_FOUND,
    INVALID_PARAMETER_LENGTH_EXCEEDED,
    INVALID_PARAMETER_VALUE_EXCEEDED,
    INVALID_PARAMETER_DUPLICATED_NAME,
    INVALID_PARAMETER_DUPLICATED_VOLUME_NAME,
    INVALID_PARAMETER_CPU_MEMORY,
    INCORRECT_STATUS,
    NO_NEED_UPDATE,
    OPERATION_CONFLICT,
    OPERATION_DENIED_NO_STOCK,
    QUOTA_EXCEEDED,
    ACCOUNT_ARREARAGE,
    IDEMPOTENT_PARAMETER_MISMATCH
  };

  private static final String UPDATE_EXAMPLE =
      """
      {
        "updateType": "IncrementalUpdate",
        "container": [
          {
            "name": "hello",
            "image": "busybox:1.37",
            "command": ["sleep"],
            "arg": ["120"]
          }
        ]
      }
      """;

  @Bean
  Route createContainerGroupRoute(Operations operations) {
    return Route.of(
        operations,
        Action.CREATE_CONTAINER_GROUP,
        "POST",
        ALL,
        RouteText.of(
                RouteText.GROUPS,
                "Create a container group",
                """
                Answers as soon as the group is durable; pulling images and starting containers \
                goes on after that. The size is the group's `cpu` and `memory`, or the sum of its \
                containers', raised to the next supported one. A group that fits no host right now \
                waits; one that no host could ever take is refused. With `Idempotency-Key`, or \
                `clientToken`, the same request makes one group however often it is sent.\
                """)
            .errors(CREATE_ERRORS)
            .example(EXAMPLE));
  }

  @Bean
  Route describeContainerGroupsRoute(DescribeGroups groups, GroupCosts costs) {
    return Route.extended(
        Action.DESCRIBE_CONTAINER_GROUPS,
        DescribeContainerGroupsRequest.class,
        "GET",
        ALL,
        ListedGroupsResponse.class,
        (caller, request) -> {
          DescribeGroups.DescribedPage page = groups.page(caller, request);
          return new ListedGroupsResponse(
              CostResponse.beside(
                  page.answer().containerGroups(),
                  CostResponse.of(costs, caller.account(), page.groups()),
                  ListedGroupsResponse.Group::new),
              page.answer().nextToken(),
              page.answer().totalCount());
        },
        RouteText.of(
                RouteText.GROUPS,
                "List container groups",
                """
                Newest first, each with its cost so far; each filter that is given must match. \
                `nextToken` of an answer asks for the page after it and is absent or empty on the \
                last one. Groups whose record is over are not listed here but under \
                `/v1/ended-container-groups`.\
                """)
            .errors(INVALID_PARAMETER_VALUE_EXCEEDED));
  }

  @Bean
  Route describeContainerGroupRoute(KnownGroups groups, GroupCosts costs) {
    return Route.own(
        "DescribeContainerGroup",
        "GET",
        ONE,
        GroupRequest.class,
        GroupWithCostResponse.class,
        (caller, fields) -> {
          String id = groupId(fields);
          return () -> {
            KnownGroups.KnownGroup known = groups.require(caller.account(), id);
            return new GroupWithCostResponse(
                groups.answer(known.group()),
                OwnerResponse.of(known.group()),
                ImageCacheUseResponse.of(known.group()),
                known.group().state().pulls().stream().map(ImagePullResponse::of).toList(),
                known.over(),
                CostResponse.of(costs, caller.account(), List.of(known.group())).getFirst());
          };
        },
        RouteText.of(
                RouteText.GROUPS,
                "Read a container group and what it cost",
                """
                The group with its containers, its newest events, how far the images are that are \
                fetched for it, and its cost so far, exact, with the disks that it got from caches. \
                Also a group that has ended, as long as its record is kept.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route updateContainerGroupRoute(Operations operations) {
    return Route.of(
        operations,
        Action.UPDATE_CONTAINER_GROUP,
        "PATCH",
        ONE,
        RouteText.of(
                RouteText.GROUPS,
                "Change a container group",
                """
                What is not named stays. A list that is named replaces the whole list, or with \
                `updateType` `IncrementalUpdate` the entries of the same names; each container in \
                it is given complete. Containers that change are stopped with their grace and made \
                anew on the same host, the others go on; the group keeps its address. A new size is \
                billed from the moment it holds. Only while the group is Pending or Running.\
                """)
            .errors(UPDATE_ERRORS)
            .example(UPDATE_EXAMPLE));
  }

  @Bean
  Route restartContainerGroupRoute(Operations operations) {
    return Route.of(
        operations,
        Action.RESTART_CONTAINER_GROUP,
        "POST",
        ONE + "/restart",
        RouteText.of(
                RouteText.GROUPS,
                "Restart a container group",
                """
                Stops all containers with their grace and makes them anew on the same host, init \
                containers first; the group keeps its address and its empty folders. Only while \
                the group is Pending or Running.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INCORRECT_STATUS,
                OPERATION_CONFLICT,
                IDEMPOTENT_PARAMETER_MISMATCH)
            .example("{\"clientToken\": \"restart-1\"}\n"));
  }

  @Bean
  Route resizeContainerGroupEphemeralStorageRoute(Operations operations) {
    return Route.of(
        operations,
        Action.RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE,
        "POST",
        ONE + "/ephemeral-storage",
        RouteText.of(
                RouteText.GROUPS,
                "Let a container group take more disk",
                """
                Beyond the 30 GiB that every group has. Nothing is restarted. Only upwards, and only \
                while the group is Pending or Running; a group that takes more than it may is \
                evicted.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                INCORRECT_STATUS,
                NO_NEED_UPDATE,
                OPERATION_CONFLICT,
                ACCOUNT_ARREARAGE,
                IDEMPOTENT_PARAMETER_MISMATCH)
            .example("{\"newSize\": 20}\n"));
  }

  @Bean
  Route resizeContainerGroupVolumeRoute(Operations operations) {
    return Route.of(
        operations,
        Action.RESIZE_CONTAINER_GROUP_VOLUME,
        "POST",
        ONE + "/volumes/{volumeName}/resize",
        RouteText.of(
                RouteText.GROUPS,
                "Make a disk of a container group larger",
                """
                The disk and its file system grow while containers have them mounted; none is \
                restarted. Disks never get smaller. As large as it is only grows the file system. \
                Only while the group is Pending or Running.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INVALID_VOLUME_TYPE,
                INCORRECT_STATUS_DETAIL,
                OPERATION_CONFLICT,
                ACCOUNT_ARREARAGE,
                IDEMPOTENT_PARAMETER_MISMATCH)
            .example("{\"newSize\": 40, \"clientToken\": \"resize-1\"}\n"));
  }

  @Bean
  Route describeContainerGroupStatusRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DESCRIBE_CONTAINER_GROUP_STATUS,
        "GET",
        "/container-group-statuses",
        RouteText.of(
                RouteText.GROUPS,
                "List container groups as pods",
                """
                Phase, conditions and container statuses as Kubernetes has them, newest group \
                first; each filter that is given must match.\
                """)
            .errors(INVALID_PARAMETER_VALUE_EXCEEDED));
  }

  @Bean
  Route deleteContainerGroupRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DELETE_CONTAINER_GROUP,
        "DELETE",
        ONE,
        RouteText.of(
                RouteText.GROUPS,
                "End a container group",
                """
                The group is Terminating, and billed, until its last container has stopped. \
                Deleting it again meanwhile is no error.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING));
  }

  /** The group that a path names. */
  static @Nullable String groupId(OwnFields fields) {
    String id = fields.text("ContainerGroupId");
    OwnGroups.checkId(id, fields::add);
    return id;
  }
}
