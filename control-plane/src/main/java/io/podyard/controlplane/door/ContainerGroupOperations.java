package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupRequest;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupEventsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupEventsResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.controlplane.containergroup.ContainerGroups;
import io.podyard.controlplane.containergroup.DescribeGroupEvents;
import io.podyard.controlplane.containergroup.DescribeGroups;
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
  Operation<DeleteContainerGroupRequest, DeleteContainerGroupResponse> deleteContainerGroup(
      ContainerGroups groups) {
    return new Operation<>(
        Action.DELETE_CONTAINER_GROUP,
        DeleteContainerGroupRequest.class,
        DeleteContainerGroupResponse.class,
        groups::delete);
  }
}
