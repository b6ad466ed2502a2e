package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.commit.CommitContainerRequest;
import io.podyard.api.commit.CommitContainerResponse;
import io.podyard.api.commit.DescribeCommitContainerTaskRequest;
import io.podyard.api.commit.DescribeCommitContainerTaskResponse;
import io.podyard.api.container.DescribeContainerLogRequest;
import io.podyard.api.container.DescribeContainerLogResponse;
import io.podyard.api.container.ExecContainerCommandRequest;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.controlplane.commit.CommitTaskListing;
import io.podyard.controlplane.commit.ContainerCommits;
import io.podyard.controlplane.container.ContainerCommands;
import io.podyard.controlplane.container.ContainerLogs;
import io.podyard.controlplane.exec.ExecSessions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on one container of a group. */
@Configuration(proxyBeanMethods = false)
class ContainerOperations {

  @Bean
  Operation<DescribeContainerLogRequest, DescribeContainerLogResponse> describeContainerLog(
      ContainerLogs logs) {
    return new Operation<>(
        Action.DESCRIBE_CONTAINER_LOG,
        DescribeContainerLogRequest.class,
        DescribeContainerLogResponse.class,
        logs::describe);
  }

  @Bean
  Operation<ExecContainerCommandRequest, ExecContainerCommandResponse> execContainerCommand(
      ContainerCommands commands, PublicAddress address) {
    return new Operation<>(
        Action.EXEC_CONTAINER_COMMAND,
        ExecContainerCommandRequest.class,
        ExecContainerCommandResponse.class,
        (caller, request) -> answer(commands.exec(caller, request), address));
  }

  private static ExecContainerCommandResponse answer(
      ContainerCommands.Outcome outcome, PublicAddress address) {
    return switch (outcome) {
      case ContainerCommands.Outcome.Ended(String output) ->
          new ExecContainerCommandResponse(null, null, output, null);
      case ContainerCommands.Outcome.Offered(ExecSessions.Offered secrets) -> {
        ExecAddresses addresses = new ExecAddresses(address.ofThisCall());
        yield new ExecContainerCommandResponse(
            addresses.page(secrets.page()), null, null, addresses.socket(secrets.socket()));
      }
    };
  }

  @Bean
  Operation<CommitContainerRequest, CommitContainerResponse> commitContainer(
      ContainerCommits commits) {
    return new Operation<>(
        Action.COMMIT_CONTAINER,
        CommitContainerRequest.class,
        CommitContainerResponse.class,
        commits::commit);
  }

  @Bean
  Operation<DescribeCommitContainerTaskRequest, DescribeCommitContainerTaskResponse>
      describeCommitContainerTask(CommitTaskListing tasks) {
    return new Operation<>(
        Action.DESCRIBE_COMMIT_CONTAINER_TASK,
        DescribeCommitContainerTaskRequest.class,
        DescribeCommitContainerTaskResponse.class,
        tasks::describe);
  }
}
