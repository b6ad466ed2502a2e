package io.podyard.controlplane.door;

import io.podyard.api.Action;
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
import io.podyard.controlplane.containergroup.ContainerGroups;
import io.podyard.controlplane.containergroup.DescribeGroupEvents;
import io.podyard.controlplane.containergroup.DescribeGroupStatuses;
import io.podyard.controlplane.containergroup.DescribeGroups;
import io.podyard.controlplane.containergroup.EphemeralStorage;
import io.podyard.controlplane.containergroup.GroupBatches;
import io.podyard.controlplane.containergroup.GroupChanges;
import io.podyard.controlplane.containergroup.VolumeResizing;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on container groups. */
@Configuration(proxyBeanMethods = false)
class ContainerGroupOperations {

  @Bean
  Operation<CreateContainerGroupRequest, CreateContainerGroupResponse> createContainerGroup(
      ContainerGroups groups) {
    return new Operation<>(
        Action.CREATE_CONTAINER_GROUP,
        CreateContainerGroupRequest.class,
        CreateContainerGroupResponse.class,
        groups::create);
  }

  @Bean
  Operation<DescribeContainerGroupsRequest, DescribeContainerGroupsResponse>
      describeContainerGroups(DescribeGroups groups) {
    return new Operation<>(
        Action.DESCRIBE_CONTAINER_GROUPS,
        DescribeContainerGroupsRequest.class,
        DescribeContainerGroupsResponse.class,
        groups::describe);
  }

  @Bean
  Operation<DescribeContainerGroupEventsRequest, DescribeContainerGroupEventsResponse>
      describeContainerGroupEvents(DescribeGroupEvents events) {
    return new Operation<>(
        Action.DESCRIBE_CONTAINER_GROUP_EVENTS,
        DescribeContainerGroupEventsRequest.class,
        DescribeContainerGroupEventsResponse.class,
        events::describe);
  }

  @Bean
  Operation<DescribeContainerGroupStatusRequest, DescribeContainerGroupStatusResponse>
      describeContainerGroupStatus(DescribeGroupStatuses statuses) {
    return new Operation<>(
        Action.DESCRIBE_CONTAINER_GROUP_STATUS,
        DescribeContainerGroupStatusRequest.class,
        DescribeContainerGroupStatusResponse.class,
        statuses::describe);
  }

  @Bean
  Operation<UpdateContainerGroupRequest, UpdateContainerGroupResponse> updateContainerGroup(
      GroupChanges changes) {
    return new Operation<>(
        Action.UPDATE_CONTAINER_GROUP,
        UpdateContainerGroupRequest.class,
        UpdateContainerGroupResponse.class,
        changes::update);
  }

  @Bean
  Operation<RestartContainerGroupRequest, RestartContainerGroupResponse> restartContainerGroup(
      GroupChanges changes) {
    return new Operation<>(
        Action.RESTART_CONTAINER_GROUP,
        RestartContainerGroupRequest.class,
        RestartContainerGroupResponse.class,
        changes::restart);
  }

  @Bean
  Operation<ResizeContainerGroupVolumeRequest, ResizeContainerGroupVolumeResponse>
      resizeContainerGroupVolume(VolumeResizing resizing) {
    return new Operation<>(
        Action.RESIZE_CONTAINER_GROUP_VOLUME,
        ResizeContainerGroupVolumeRequest.class,
        ResizeContainerGroupVolumeResponse.class,
        resizing::resize);
  }

  @Bean
  Operation<DeleteContainerGroupRequest, DeleteContainerGroupResponse> deleteContainerGroup(
      ContainerGroups groups) {
    return new Operation<>(
        Action.DELETE_CONTAINER_GROUP,
        DeleteContainerGroupRequest.class,
        DeleteContainerGroupResponse.class,
        groups::delete);
  }

  @Bean
  Operation<BatchCreateContainerGroupsRequest, BatchCreateContainerGroupsResponse>
      batchCreateContainerGroups(GroupBatches batches) {
    return new Operation<>(
        Action.BATCH_CREATE_CONTAINER_GROUPS,
        BatchCreateContainerGroupsRequest.class,
        BatchCreateContainerGroupsResponse.class,
        batches::create);
  }

  @Bean
  Operation<DeleteContainerGroupsRequest, DeleteContainerGroupsResponse> deleteContainerGroups(
      GroupBatches batches) {
    return new Operation<>(
        Action.DELETE_CONTAINER_GROUPS,
        DeleteContainerGroupsRequest.class,
        DeleteContainerGroupsResponse.class,
        batches::delete);
  }

  @Bean
  Operation<
          ResizeContainerGroupEphemeralStorageRequest, ResizeContainerGroupEphemeralStorageResponse>
      resizeContainerGroupEphemeralStorage(EphemeralStorage storage) {
    return new Operation<>(
        Action.RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE,
        ResizeContainerGroupEphemeralStorageRequest.class,
        ResizeContainerGroupEphemeralStorageResponse.class,
        storage::resize);
  }
}
