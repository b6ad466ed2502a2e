package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.controlplane.testing.ExecSocket;
import io.podyard.controlplane.testing.Waiting;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A session that one process gave out the secret of is opened at any, and at one of them only. */
class ExecAtAnyProcessTest {

  private static final int RACES = 10;

  @Test
  void oneOfTwoProcessesOpensASession() throws Exception {
    try (ServerPair pair = ServerPair.start("exec");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      PodyardClient client = pair.first().client();
      String id = running(client);
      try (ExecSocket other =
          ExecSocket.open(at(pair.other(pair.first()), session(client, id)), ExecSocket.V4)) {
        assertThat(other.status().path("status").asString()).isEqualTo("Success");
      }
      for (int race = 0; race < RACES; race++) {
        String address = session(client, id);
        List<Callable<Boolean>> both = new ArrayList<>();
        for (ServerProcess process : List.of(pair.first(), pair.other(pair.first()))) {
          both.add(() -> opens(at(process, address)));
        }
        int opened = 0;
        for (Future<Boolean> one : threads.invokeAll(both)) {
          opened += one.get() ? 1 : 0;
        }
        assertThat(opened).isEqualTo(1);
      }
      client.call(
          Action.DELETE_CONTAINER_GROUP,
          Map.of("ContainerGroupId", id, "Force", "true"),
          DeleteContainerGroupResponse.class);
    }
  }

  private static boolean opens(String address) {
    try (ExecSocket socket = ExecSocket.open(address, ExecSocket.V4)) {
      return socket.status().path("status").asString().equals("Success");
    } catch (CompletionException e) {
      return false;
    }
  }

  private static String session(PodyardClient client, String id) {
    return String.valueOf(
        client
            .call(
                Action.EXEC_CONTAINER_COMMAND,
                Map.of("ContainerGroupId", id, "ContainerName", "main", "Command", "[\"true\"]"),
                ExecContainerCommandResponse.class)
            .webSocketUri());
  }

  /** The same address of another process, as a load balancer would have it. */
  private static String at(ServerProcess process, String address) {
    URI uri = URI.create(address);
    return "ws://%s%s?%s"
        .formatted(process.endpoint().getRawAuthority(), uri.getRawPath(), uri.getRawQuery());
  }

  private static String running(PodyardClient client) {
    String id =
        String.valueOf(
            client
                .call(
                    Action.CREATE_CONTAINER_GROUP,
                    Map.of(
                        "ContainerGroupName",
                        "exec",
                        "Cpu",
                        "0.25",
                        "Memory",
                        "0.5",
                        "Container.1.Name",
                        "main",
                        "Container.1.Image",
                        "registry.test/shell:1",
                        "Container.1.Command.1",
                        "sleep",
                        "Container.1.Arg.1",
                        "infinity"),
                    CreateContainerGroupResponse.class)
                .containerGroupId());
    Waiting.until(
        id + " runs",
        () ->
            client
                .call(
                    Action.DESCRIBE_CONTAINER_GROUPS,
                    Map.of("Status", "Running"),
                    DescribeContainerGroupsResponse.class)
                .containerGroups()
                .stream()
                .anyMatch(group -> id.equals(group.containerGroupId())));
    return id;
  }
}
