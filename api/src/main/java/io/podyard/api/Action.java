package io.podyard.api;

import io.podyard.api.commit.CommitContainerRequest;
import io.podyard.api.commit.CommitContainerResponse;
import io.podyard.api.commit.DescribeCommitContainerTaskRequest;
import io.podyard.api.commit.DescribeCommitContainerTaskResponse;
import io.podyard.api.container.DescribeContainerLogRequest;
import io.podyard.api.container.DescribeContainerLogResponse;
import io.podyard.api.container.ExecContainerCommandRequest;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.api.containergroup.BatchCreateContainerGroupsRequest;
import io.podyard.api.containergroup.BatchCreateContainerGroupsResponse;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupRequest;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupsRequest;
import io.podyard.api.containergroup.DeleteContainerGroupsResponse;
import io.podyard.api.containergroup.DescribeContainerGroupEventsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupEventsResponse;
import io.podyard.api.containergroup.DescribeContainerGroupStatusRequest;
import io.podyard.api.containergroup.DescribeContainerGroupStatusResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.containergroup.ResizeContainerGroupEphemeralStorageRequest;
import io.podyard.api.containergroup.ResizeContainerGroupEphemeralStorageResponse;
import io.podyard.api.containergroup.ResizeContainerGroupVolumeRequest;
import io.podyard.api.containergroup.ResizeContainerGroupVolumeResponse;
import io.podyard.api.containergroup.RestartContainerGroupRequest;
import io.podyard.api.containergroup.RestartContainerGroupResponse;
import io.podyard.api.containergroup.UpdateContainerGroupRequest;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.api.datacache.CopyDataCacheRequest;
import io.podyard.api.datacache.CopyDataCacheResponse;
import io.podyard.api.datacache.CreateDataCacheRequest;
import io.podyard.api.datacache.CreateDataCacheResponse;
import io.podyard.api.datacache.DeleteDataCacheRequest;
import io.podyard.api.datacache.DeleteDataCacheResponse;
import io.podyard.api.datacache.DescribeDataCachesRequest;
import io.podyard.api.datacache.DescribeDataCachesResponse;
import io.podyard.api.datacache.UpdateDataCacheRequest;
import io.podyard.api.datacache.UpdateDataCacheResponse;
import io.podyard.api.imagecache.CreateImageCacheRequest;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DeleteImageCacheRequest;
import io.podyard.api.imagecache.DeleteImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesRequest;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.UpdateImageCacheRequest;
import io.podyard.api.imagecache.UpdateImageCacheResponse;
import io.podyard.api.metric.DescribeContainerGroupMetricRequest;
import io.podyard.api.metric.DescribeContainerGroupMetricResponse;
import io.podyard.api.metric.DescribeMultiContainerGroupMetricRequest;
import io.podyard.api.metric.DescribeMultiContainerGroupMetricResponse;
import io.podyard.api.ops.CreateInstanceOpsTaskRequest;
import io.podyard.api.ops.CreateInstanceOpsTaskResponse;
import io.podyard.api.ops.DescribeInstanceOpsRecordsRequest;
import io.podyard.api.ops.DescribeInstanceOpsRecordsResponse;
import io.podyard.api.price.DescribeContainerGroupPriceRequest;
import io.podyard.api.price.DescribeContainerGroupPriceResponse;
import io.podyard.api.quota.ListUsageRequest;
import io.podyard.api.quota.ListUsageResponse;
import io.podyard.api.region.DescribeRegionsRequest;
import io.podyard.api.region.DescribeRegionsResponse;
import io.podyard.api.stock.DescribeAvailableResourceRequest;
import io.podyard.api.stock.DescribeAvailableResourceResponse;
import io.podyard.api.tag.ListTagResourcesRequest;
import io.podyard.api.tag.ListTagResourcesResponse;
import io.podyard.api.tag.TagResourcesRequest;
import io.podyard.api.tag.TagResourcesResponse;
import io.podyard.api.tag.UntagResourcesRequest;
import io.podyard.api.tag.UntagResourcesResponse;
import io.podyard.api.template.CreateContainerGroupFromTemplateRequest;
import io.podyard.api.template.CreateContainerGroupFromTemplateResponse;
import io.podyard.api.template.ExportContainerGroupTemplateRequest;
import io.podyard.api.template.ExportContainerGroupTemplateResponse;
import io.podyard.api.template.UpdateContainerGroupByTemplateRequest;
import io.podyard.api.template.UpdateContainerGroupByTemplateResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The actions this version answers; any other name is {@link ErrorCode#INVALID_API_NOT_FOUND}. GET
 * and POST are accepted for all of them, although the contract limits two to POST (section 1).
 */
public enum Action {
  CREATE_CONTAINER_GROUP(
      "CreateContainerGroup",
      CreateContainerGroupRequest.class,
      CreateContainerGroupResponse.class,
      true),
  DESCRIBE_CONTAINER_GROUPS(
      "DescribeContainerGroups",
      DescribeContainerGroupsRequest.class,
      DescribeContainerGroupsResponse.class,
      false),
  UPDATE_CONTAINER_GROUP(
      "UpdateContainerGroup",
      UpdateContainerGroupRequest.class,
      UpdateContainerGroupResponse.class,
      true),
  RESTART_CONTAINER_GROUP(
      "RestartContainerGroup",
      RestartContainerGroupRequest.class,
      RestartContainerGroupResponse.class,
      true),
  RESIZE_CONTAINER_GROUP_VOLUME(
      "ResizeContainerGroupVolume",
      ResizeContainerGroupVolumeRequest.class,
      ResizeContainerGroupVolumeResponse.class,
      true),
  DESCRIBE_CONTAINER_GROUP_STATUS(
      "DescribeContainerGroupStatus",
      DescribeContainerGroupStatusRequest.class,
      DescribeContainerGroupStatusResponse.class,
      false),
  DELETE_CONTAINER_GROUP(
      "DeleteContainerGroup",
      DeleteContainerGroupRequest.class,
      DeleteContainerGroupResponse.class,
      true),
  BATCH_CREATE_CONTAINER_GROUPS(
      "BatchCreateContainerGroups",
      BatchCreateContainerGroupsRequest.class,
      BatchCreateContainerGroupsResponse.class,
      true),
  DELETE_CONTAINER_GROUPS(
      "DeleteContainerGroups",
      DeleteContainerGroupsRequest.class,
      DeleteContainerGroupsResponse.class,
      true),
  RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE(
      "ResizeContainerGroupEphemeralStorage",
      ResizeContainerGroupEphemeralStorageRequest.class,
      ResizeContainerGroupEphemeralStorageResponse.class,
      true),
  DESCRIBE_CONTAINER_LOG(
      "DescribeContainerLog",
      DescribeContainerLogRequest.class,
      DescribeContainerLogResponse.class,
      false),
  EXEC_CONTAINER_COMMAND(
      "ExecContainerCommand",
      ExecContainerCommandRequest.class,
      ExecContainerCommandResponse.class,
      true),
  COMMIT_CONTAINER(
      "CommitContainer", CommitContainerRequest.class, CommitContainerResponse.class, true),
  DESCRIBE_COMMIT_CONTAINER_TASK(
      "DescribeCommitContainerTask",
      DescribeCommitContainerTaskRequest.class,
      DescribeCommitContainerTaskResponse.class,
      false),
  CREATE_INSTANCE_OPS_TASK(
      "CreateInstanceOpsTask",
      CreateInstanceOpsTaskRequest.class,
      CreateInstanceOpsTaskResponse.class,
      true),
  DESCRIBE_INSTANCE_OPS_RECORDS(
      "DescribeInstanceOpsRecords",
      DescribeInstanceOpsRecordsRequest.class,
      DescribeInstanceOpsRecordsResponse.class,
      false),
  DESCRIBE_REGIONS(
      "DescribeRegions", DescribeRegionsRequest.class, DescribeRegionsResponse.class, false),
  DESCRIBE_CONTAINER_GROUP_EVENTS(
      "DescribeContainerGroupEvents",
      DescribeContainerGroupEventsRequest.class,
      DescribeContainerGroupEventsResponse.class,
      false),
  DESCRIBE_CONTAINER_GROUP_METRIC(
      "DescribeContainerGroupMetric",
      DescribeContainerGroupMetricRequest.class,
      DescribeContainerGroupMetricResponse.class,
      false),
  DESCRIBE_MULTI_CONTAINER_GROUP_METRIC(
      "DescribeMultiContainerGroupMetric",
      DescribeMultiContainerGroupMetricRequest.class,
      DescribeMultiContainerGroupMetricResponse.class,
      false),
  TAG_RESOURCES("TagResources", TagResourcesRequest.class, TagResourcesResponse.class, true),
  UNTAG_RESOURCES(
      "UntagResources", UntagResourcesRequest.class, UntagResourcesResponse.class, true),
  LIST_TAG_RESOURCES(
      "ListTagResources", ListTagResourcesRequest.class, ListTagResourcesResponse.class, false),
  LIST_USAGE("ListUsage", ListUsageRequest.class, ListUsageResponse.class, false),
  DESCRIBE_CONTAINER_GROUP_PRICE(
      "DescribeContainerGroupPrice",
      DescribeContainerGroupPriceRequest.class,
      DescribeContainerGroupPriceResponse.class,
      false),
  DESCRIBE_AVAILABLE_RESOURCE(
      "DescribeAvailableResource",
      DescribeAvailableResourceRequest.class,
      DescribeAvailableResourceResponse.class,
      false),
  EXPORT_CONTAINER_GROUP_TEMPLATE(
      "ExportContainerGroupTemplate",
      ExportContainerGroupTemplateRequest.class,
      ExportContainerGroupTemplateResponse.class,
      false),
  CREATE_CONTAINER_GROUP_FROM_TEMPLATE(
      "CreateContainerGroupFromTemplate",
      CreateContainerGroupFromTemplateRequest.class,
      CreateContainerGroupFromTemplateResponse.class,
      true),
  UPDATE_CONTAINER_GROUP_BY_TEMPLATE(
      "UpdateContainerGroupByTemplate",
      UpdateContainerGroupByTemplateRequest.class,
      UpdateContainerGroupByTemplateResponse.class,
      true),
  CREATE_IMAGE_CACHE(
      "CreateImageCache", CreateImageCacheRequest.class, CreateImageCacheResponse.class, true),
  UPDATE_IMAGE_CACHE(
      "UpdateImageCache", UpdateImageCacheRequest.class, UpdateImageCacheResponse.class, true),
  DELETE_IMAGE_CACHE(
      "DeleteImageCache", DeleteImageCacheRequest.class, DeleteImageCacheResponse.class, true),
  DESCRIBE_IMAGE_CACHES(
      "DescribeImageCaches",
      DescribeImageCachesRequest.class,
      DescribeImageCachesResponse.class,
      false),
  CREATE_DATA_CACHE(
      "CreateDataCache", CreateDataCacheRequest.class, CreateDataCacheResponse.class, true),
  UPDATE_DATA_CACHE(
      "UpdateDataCache", UpdateDataCacheRequest.class, UpdateDataCacheResponse.class, true),
  COPY_DATA_CACHE("CopyDataCache", CopyDataCacheRequest.class, CopyDataCacheResponse.class, true),
  DELETE_DATA_CACHE(
      "DeleteDataCache", DeleteDataCacheRequest.class, DeleteDataCacheResponse.class, true),
  DESCRIBE_DATA_CACHES(
      "DescribeDataCaches",
      DescribeDataCachesRequest.class,
      DescribeDataCachesResponse.class,
      false);

  /** The version of the contract, the only one answered. */
  public static final String CONTRACT_VERSION = "2018-08-08";

  private static final Map<String, Action> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Action::wireName, Function.identity()));
  private static final Map<Class<?>, Action> BY_REQUEST =
      Arrays.stream(values()).collect(Collectors.toMap(Action::requestType, Function.identity()));

  private final String wireName;
  private final Class<? extends Record> requestType;
  private final Class<? extends Record> responseType;
  private final boolean changesSomething;

  Action(
      String wireName,
      Class<? extends Record> requestType,
      Class<? extends Record> responseType,
      boolean changesSomething) {
    this.wireName = wireName;
    this.requestType = requestType;
    this.responseType = responseType;
    this.changesSomething = changesSomething;
  }

  /** The action with this wire name; the spelling must be exact. */
  public static Optional<Action> named(String wireName) {
    return Optional.ofNullable(BY_NAME.get(wireName));
  }

  /** The action whose request is this type. */
  static Optional<Action> ofRequest(Class<?> requestType) {
    return Optional.ofNullable(BY_REQUEST.get(requestType));
  }

  public String wireName() {
    return wireName;
  }

  public Class<? extends Record> requestType() {
    return requestType;
  }

  public Class<? extends Record> responseType() {
    return responseType;
  }

  /** False for actions that only read. */
  public boolean changesSomething() {
    return changesSomething;
  }
}
