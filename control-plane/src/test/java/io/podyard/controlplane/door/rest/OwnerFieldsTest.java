package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.region.DescribeRegionsResponse;
import io.podyard.controlplane.testing.TestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The four parameters that every SDK has and nobody gives a meaning. */
class OwnerFieldsTest {

  private static final List<String> NAMES =
      List.of("ownerAccount", "ownerId", "resourceOwnerAccount", "resourceOwnerId");

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();
  private final RestClient rest = new RestClient(server.endpoint(), key);
  private final DocumentedShapes shapes =
      new DocumentedShapes(new RestClient(server.endpoint(), null).get("/v3/api-docs").json());

  private JsonNode read(String id) {
    RestClient.Answer answer = rest.get("/v1/container-groups/" + id).ok();
    assertThat(shapes.differences("DescribeContainerGroup", answer)).isEmpty();
    return answer.json();
  }

  @Test
  void aGroupGivesThemBackThroughWhicheverDoorTheyCame() {
    String byRest =
        rest.post(
                "/v1/container-groups",
                """
                {"containerGroupName": "owned", "container": [{"name": "c", "image": "i"}],
                 "ownerAccount": "ann", "ownerId": 9007199254740993,
                 "resourceOwnerAccount": "ben", "resourceOwnerId": 0}
                """)
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    PodyardClient rpc = server.client(key, SignatureVersion.V1);
    String byRpc =
        String.valueOf(
            rpc.call(
                    Action.CREATE_CONTAINER_GROUP,
                    Map.of(
                        "ContainerGroupName", "owned",
                        "Container.1.Name", "c",
                        "Container.1.Image", "i",
                        "OwnerAccount", "ann",
                        "OwnerId", "9007199254740993",
                        "ResourceOwnerAccount", "ben",
                        "ResourceOwnerId", "0"),
                    CreateContainerGroupResponse.class)
                .containerGroupId());
    for (String id : List.of(byRest, byRpc)) {
      JsonNode group = read(id);
      assertThat(group.path("ownerAccount").asString()).isEqualTo("ann");
      assertThat(group.path("ownerId").asLong()).isEqualTo(9007199254740993L);
      assertThat(group.path("resourceOwnerAccount").asString()).isEqualTo("ben");
      assertThat(group.path("resourceOwnerId").asLong()).isZero();
    }

    // As a release wrote it that did not keep them.
    server.jdbc().update("update container_group set kept = kept - 'owner' where id = ?", byRpc);
    JsonNode old = read(byRpc);
    assertThat(NAMES).noneMatch(old::has);
    assertThat(old.path("containerGroupName").asString()).isEqualTo("owned");
    for (String id : List.of(byRest, byRpc)) {
      rest.delete("/v1/container-groups/" + id + "?force=true").ok();
    }
  }

  @Test
  void theyAreNoErrorWhereNothingIsMade() {
    assertThat(
            server
                .client(key, SignatureVersion.V3)
                .call(
                    Action.DESCRIBE_REGIONS,
                    Map.of("OwnerId", "1", "ResourceOwnerAccount", "ben"),
                    DescribeRegionsResponse.class)
                .regions())
        .isNotEmpty();
  }
}
