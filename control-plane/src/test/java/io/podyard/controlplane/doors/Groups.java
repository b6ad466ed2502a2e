package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.api.container.DescribeContainerLogResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.ContainerResponse;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.stock.DescribeAvailableResourceResponse;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** One account's groups, seen through the RPC door, with parameters as they go on the wire. */
final class Groups {

  private final PodyardClient client;

  private Groups(PodyardClient client) {
    this.client = client;
  }

  static Groups of(TestServer server, TestServer.Key key) {
    return new Groups(server.client(key, SignatureVersion.V1));
  }

  /** Those of an account that nobody else uses. */
  static Groups ofNewAccount(TestServer server) {
    return of(server, server.newAccount());
  }

  PodyardClient client() {
    return client;
  }

  /** Parameters of the form {@code Name=value}; the later of two with one name counts. */
  static Map<String, String> parameters(String... parameters) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String parameter : parameters) {
      int equals = parameter.indexOf('=');
      map.put(parameter.substring(0, equals), parameter.substring(equals + 1));
    }
    return map;
  }

  /** A group of one container {@code main} that runs the shell line, and more parameters. */
  static Map<String, String> shell(String line, String... more) {
    Map<String, String> parameters =
        parameters(
            "ContainerGroupName=test",
            "Cpu=0.25",
            "Memory=0.5",
            "TerminationGracePeriodSeconds=2",
            "Container.1.Name=main",
            "Container.1.Image=registry.test/shell:1",
            "Container.1.Command.1=sh",
            "Container.1.Command.2=-c",
            "Container.1.Command.3=" + line);
    parameters.putAll(parameters(more));
    return parameters;
  }

  <A> A call(Action action, Class<A> answer, String... parameters) {
    return client.call(action, parameters(parameters), answer);
  }

  /** The first status that is told of what there is of a resource. */
  String stock(String... parameters) {
    return String.valueOf(
        call(
                Action.DESCRIBE_AVAILABLE_RESOURCE,
                DescribeAvailableResourceResponse.class,
                parameters)
            .availableZones()
            .availableZone()
            .getFirst()
            .availableResources()
            .availableResource()
            .getFirst()
            .supportedResources()
            .supportedResource()
            .getFirst()
            .statusCategory());
  }

  String create(Map<String, String> parameters) {
    return Objects.requireNonNull(
        client
            .call(Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  DescribeContainerGroupsResponse list(String... parameters) {
    return call(
        Action.DESCRIBE_CONTAINER_GROUPS, DescribeContainerGroupsResponse.class, parameters);
  }

  Optional<ContainerGroupResponse> find(String id) {
    return list("ContainerGroupIds=[\"" + id + "\"]", "WithEvent=true").containerGroups().stream()
        .findFirst();
  }

  ContainerGroupResponse get(String id) {
    return find(id).orElseThrow(() -> new AssertionError(id + " is gone"));
  }

  ContainerResponse container(String id, String name) {
    return get(id).containers().stream()
        .filter(container -> name.equals(container.name()))
        .findFirst()
        .orElseThrow();
  }

  List<String> reasons(String id) {
    return get(id).events().stream().map(EventResponse::reason).toList();
  }

  String log(String id, String container, String... more) {
    Map<String, String> parameters =
        parameters("ContainerGroupId=" + id, "ContainerName=" + container);
    parameters.putAll(parameters(more));
    return Objects.requireNonNull(
        client
            .call(Action.DESCRIBE_CONTAINER_LOG, parameters, DescribeContainerLogResponse.class)
            .content());
  }

  void delete(String id, String... more) {
    Map<String, String> parameters = parameters("ContainerGroupId=" + id);
    parameters.putAll(parameters(more));
    assertThat(
            client
                .call(Action.DELETE_CONTAINER_GROUP, parameters, DeleteContainerGroupResponse.class)
                .requestId())
        .isNotEmpty();
  }

  ContainerGroupResponse until(String id, String what, Predicate<ContainerGroupResponse> reached) {
    Waiting.until(id + ": " + what, () -> reached.test(get(id)));
    return get(id);
  }

  ContainerGroupResponse untilStatus(String id, String status) {
    return until(id, status, group -> status.equals(group.status()));
  }

  void untilGone(String id) {
    Waiting.until(id + " gone", () -> find(id).isEmpty());
  }

  /** The refusal of a call that must be refused. */
  PodyardCallException refusal(Action action, Map<String, String> parameters) {
    try {
      Object answer = client.call(action, parameters, action.responseType());
      throw new AssertionError(action + " was answered " + answer);
    } catch (PodyardCallException refused) {
      return refused;
    }
  }
}
