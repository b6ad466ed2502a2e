package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.CommonRequest;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.IAcsClient;
import com.aliyuncs.RpcAcsRequest;
import com.aliyuncs.auth.SignatureVersion;
import com.aliyuncs.eci.model.v20180808.DescribeContainerGroupsRequest;
import com.aliyuncs.eci.model.v20180808.DescribeContainerGroupsResponse.ContainerGroup;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.profile.DefaultProfile;
import io.podyard.api.EciJson;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** The stock Java SDK, which knows nothing of a server but its address. */
final class StockSdk {

  /** Whether a request keeps the SDK's own choice of signature. */
  enum Signed {
    BY_DEFAULT,
    VERSION_3
  }

  /** A call that is to be refused. */
  interface Call {
    Object make() throws ClientException;
  }

  private final TestServer server;
  private final Signed signed;
  private final IAcsClient client;

  StockSdk(TestServer server, TestServer.Key key, Signed signed) {
    this.server = server;
    this.signed = signed;
    this.client =
        new DefaultAcsClient(DefaultProfile.getProfile("cn-hangzhou", key.id(), key.secret()));
  }

  private String address() {
    return server.endpoint().getAuthority();
  }

  <A extends AcsResponse> A call(RpcAcsRequest<A> request) throws ClientException {
    request.setSysEndpoint(address());
    if (signed == Signed.VERSION_3) {
      request.setSysSignatureVersion(SignatureVersion.V3);
    }
    return client.getAcsResponse(request);
  }

  /** For what the SDK is too old to know. */
  JsonNode common(String action, String... parameters) throws ClientException {
    CommonRequest request = new CommonRequest();
    request.setSysDomain(address());
    request.setSysProduct("Eci");
    request.setSysVersion("2018-08-08");
    request.setSysAction(action);
    if (signed == Signed.VERSION_3) {
      request.setSysSignatureVersion(SignatureVersion.V3);
    }
    Groups.parameters(parameters).forEach(request::putQueryParameter);
    return EciJson.rpc().readTree(client.getCommonResponse(request).getData());
  }

  Optional<ContainerGroup> find(String id) {
    try {
      DescribeContainerGroupsRequest describe = new DescribeContainerGroupsRequest();
      describe.setContainerGroupIds("[\"" + id + "\"]");
      return call(describe).getContainerGroups().stream().findFirst();
    } catch (ClientException e) {
      throw new AssertionError(e);
    }
  }

  ContainerGroup until(String id, Predicate<ContainerGroup> reached) {
    Waiting.until(id, () -> find(id).filter(reached).isPresent());
    return find(id).orElseThrow();
  }

  static void assertRefused(String code, Call call) {
    assertThatThrownBy(call::make)
        .isInstanceOfSatisfying(
            ClientException.class,
            refused -> {
              assertThat(refused.getErrCode()).isEqualTo(code);
              assertThat(refused.getRequestId()).matches("[0-9A-F-]{36}");
            });
  }
}
