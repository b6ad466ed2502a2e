package io.podyard.controlplane.containergroup;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.RpcCodec;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.controlplane.instancetype.InstanceTypes;
import io.podyard.model.RegionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests for groups as a client sends them: a plain one, changed by {@code Name=value} lines. */
final class CreateRequests {

  /** A region that has the additional sizes. */
  static final RegionId HANGZHOU = new RegionId("cn-hangzhou");

  /** A region that has only the sizes of all regions. */
  static final RegionId ELSEWHERE = new RegionId("local");

  private static final GroupDraftRules RULES = new GroupDraftRules(InstanceTypes.shipped());

  private CreateRequests() {}

  /** A name without {@code =} takes a parameter away. */
  static Map<String, String> parameters(String... changes) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("ContainerGroupName", "demo");
    parameters.put("Container.1.Name", "web");
    parameters.put("Container.1.Image", "nginx:1.27");
    for (String change : changes) {
      int equals = change.indexOf('=');
      if (equals < 0) {
        parameters.remove(change);
      } else {
        parameters.put(change.substring(0, equals), change.substring(equals + 1));
      }
    }
    return parameters;
  }

  static Decoded<CreateContainerGroupRequest> decoded(String... changes) {
    return RpcCodec.decode(
        CreateContainerGroupRequest.class, Action.CREATE_CONTAINER_GROUP, parameters(changes));
  }

  static GroupDraft draft(String... changes) {
    return RULES.check(HANGZHOU, decoded(changes), List.of(), List.of());
  }

  static GroupDraft draftIn(RegionId region, String... changes) {
    return RULES.check(region, decoded(changes), List.of(), List.of());
  }

  /** How a request is refused. */
  static ApiException refusal(String... changes) {
    try {
      GroupDraft draft = draft(changes);
      throw new AssertionError("was accepted: " + draft);
    } catch (ApiException refused) {
      return refused;
    }
  }
}
