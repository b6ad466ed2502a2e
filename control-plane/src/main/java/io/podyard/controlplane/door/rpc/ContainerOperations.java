package io.podyard.controlplane.door.rpc;

import io.podyard.api.Action;
import io.podyard.api.container.DescribeContainerLogRequest;
import io.podyard.api.container.DescribeContainerLogResponse;
import io.podyard.api.container.ExecContainerCommandRequest;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.controlplane.container.ContainerCommands;
import io.podyard.controlplane.container.ContainerLogs;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on one container of a group. */
@Configuration(proxyBeanMethods = false)
class ContainerOperations {

  @Bean
  RpcOperation<DescribeContainerLogRequest, DescribeContainerLogResponse> describeContainerLog(
      ContainerLogs logs) {
    return new RpcOperation<>(
        Action.DESCRIBE_CONTAINER_LOG,
        DescribeContainerLogRequest.class,
        DescribeContainerLogResponse.class,
        logs::describe);
  }

  @Bean
  RpcOperation<ExecContainerCommandRequest, ExecContainerCommandResponse> execContainerCommand(
      ContainerCommands commands) {
    return new RpcOperation<>(
        Action.EXEC_CONTAINER_COMMAND,
        ExecContainerCommandRequest.class,
        ExecContainerCommandResponse.class,
        commands::exec);
  }
}
