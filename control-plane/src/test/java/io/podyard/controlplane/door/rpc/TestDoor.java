package io.podyard.controlplane.door.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.EciJson;
import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupRequest;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.region.DescribeRegionsRequest;
import io.podyard.api.region.DescribeRegionsResponse;
import io.podyard.api.region.RegionResponse;
import io.podyard.controlplane.account.AccessKeys;
import io.podyard.controlplane.account.Account;
import io.podyard.controlplane.account.AccountRole;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.account.InMemoryAccountStore;
import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import io.podyard.controlplane.door.Operation;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.door.PublicAddress;
import io.podyard.controlplane.door.RateLimits;
import io.podyard.controlplane.door.signature.OncePerNonce;
import io.podyard.controlplane.door.signature.SeenNonces;
import io.podyard.controlplane.door.signature.SignatureRules;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretsKey;
import io.podyard.controlplane.settings.RateLimit;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The door as one process has it, with features whose behaviour a test sets. */
final class TestDoor {

  /** When the captured requests were signed, and with what. */
  static final Instant CAPTURED_AT = Instant.parse("2026-11-21T00:14:10Z");

  static final String KEY = "testAk";
  static final String SECRET = "testSecretKey123";
  static final AccountId ACCOUNT = new AccountId("acct-test");

  /** Actions that the door of a test has no operation for. */
  static final Set<Action> NOT_BUILT =
      EnumSet.complementOf(
          EnumSet.of(
              Action.CREATE_CONTAINER_GROUP,
              Action.DESCRIBE_CONTAINER_GROUPS,
              Action.DELETE_CONTAINER_GROUP,
              Action.DESCRIBE_REGIONS));

  /** What all processes of a test share. */
  record Shared(
      SteppedTime time, InMemoryAccountStore accounts, SecretBox box, BurntNonces nonces) {

    static Shared create() {
      SteppedTime time = new SteppedTime(CAPTURED_AT);
      InMemoryAccountStore accounts = new InMemoryAccountStore();
      SecretBox box = new SecretBox(SecretsKey.of(SecretsKey.random(), Path.of("not-used")));
      accounts.add(new Account(ACCOUNT, "test", AccountRole.OPERATOR, CAPTURED_AT));
      accounts.addKey(new AccessKeyId(KEY), ACCOUNT, box.seal(SECRET, KEY), CAPTURED_AT);
      return new Shared(time, accounts, box, new BurntNonces());
    }
  }

  /** What a feature does with a request that nothing is wrong with. */
  @FunctionalInterface
  interface Behaviour<Q extends Record, A extends Record> {
    A call(Caller caller, Q request) throws NotWrittenException;
  }

  private final Shared shared;
  private final AccessKeys keys;
  private final RpcCalls calls;
  private final AtomicInteger requests = new AtomicInteger();

  private @Nullable Caller lastCaller;
  @Nullable Record lastRequest;

  Behaviour<CreateContainerGroupRequest, CreateContainerGroupResponse> create =
      (caller, request) -> {
        burnWithEffect(caller.nonce());
        return new CreateContainerGroupResponse("eci-1", null);
      };

  Behaviour<DescribeContainerGroupsRequest, DescribeContainerGroupsResponse> describe =
      (caller, request) -> new DescribeContainerGroupsResponse(List.of(), "", null, 0);

  Behaviour<DeleteContainerGroupRequest, DeleteContainerGroupResponse> delete =
      (caller, request) -> {
        burnWithEffect(caller.nonce());
        return new DeleteContainerGroupResponse(null);
      };

  TestDoor() {
    this(Shared.create(), null, Map.of());
  }

  private TestDoor(Shared shared, @Nullable URI publicUrl, Map<String, RateLimit> limits) {
    this.shared = shared;
    this.keys =
        new AccessKeys(
            shared.accounts(), shared.box(), new Random(1), shared.time(), shared.time().ticker());
    this.calls =
        new RpcCalls(
            new SignatureRules(keys, shared.time()),
            new OncePerNonce(new SeenNonces(shared.time().ticker()), shared.nonces()),
            new RateLimits(limits, shared.time().ticker()),
            new Operations(operations(), NOT_BUILT),
            new RpcAnswers(new PublicAddress(publicUrl == null ? null : publicUrl.toString())),
            () -> "00000000-0000-4000-8000-%012d".formatted(requests.incrementAndGet()));
  }

  /** Another process on the same database. */
  TestDoor otherProcess() {
    return new TestDoor(shared, null, Map.of());
  }

  /** The same process, reached under a configured address. */
  static TestDoor at(URI publicUrl) {
    return new TestDoor(Shared.create(), publicUrl, Map.of());
  }

  /** A process that limits how often operations are called. */
  static TestDoor limitedTo(Map<String, RateLimit> limits) {
    return new TestDoor(Shared.create(), null, limits);
  }

  /** An operation for each action that has one, in front of the features of this test. */
  List<Operation<?, ?>> operations() {
    return List.of(
        new Operation<>(
            Action.CREATE_CONTAINER_GROUP,
            CreateContainerGroupRequest.class,
            CreateContainerGroupResponse.class,
            (caller, decoded) -> {
              var request = decoded.orThrow();
              note(caller, request);
              return create.call(caller, request);
            }),
        new Operation<>(
            Action.DESCRIBE_CONTAINER_GROUPS,
            DescribeContainerGroupsRequest.class,
            DescribeContainerGroupsResponse.class,
            (caller, decoded) -> {
              var request = decoded.orThrow();
              note(caller, request);
              return describe.call(caller, request);
            }),
        new Operation<>(
            Action.DELETE_CONTAINER_GROUP,
            DeleteContainerGroupRequest.class,
            DeleteContainerGroupResponse.class,
            (caller, decoded) -> {
              var request = decoded.orThrow();
              note(caller, request);
              return delete.call(caller, request);
            }),
        new Operation<>(
            Action.DESCRIBE_REGIONS,
            DescribeRegionsRequest.class,
            DescribeRegionsResponse.class,
            (caller, request) ->
                new DescribeRegionsResponse(
                    List.of(
                        new RegionResponse(
                            List.of("cn-hangzhou-b"),
                            null,
                            "cn-hangzhou",
                            List.of(),
                            List.of("cn-hangzhou-b"))),
                    null)));
  }

  private void note(Caller caller, Record request) {
    lastCaller = caller;
    lastRequest = request;
  }

  SteppedTime time() {
    return shared.time();
  }

  AccessKeys keys() {
    return keys;
  }

  BurntNonces nonces() {
    return shared.nonces();
  }

  HttpAnswer send(HttpCall request) {
    return calls.answer(request);
  }

  HttpAnswer send(TestRequest request) {
    return calls.answer(request.build());
  }

  /** Who called a feature last. */
  Caller lastCaller() {
    return Objects.requireNonNull(lastCaller, "no request reached a feature");
  }

  /** The request that reached a feature last. */
  <R extends Record> R lastRequest(Class<R> type) {
    return type.cast(Objects.requireNonNull(lastRequest, "no request reached a feature"));
  }

  /** What a feature does that burns the nonce in the transaction of its effect. */
  void burnWithEffect(@Nullable NonceUse nonce) throws NotWrittenException {
    if (nonce != null && !shared.nonces().burn(nonce)) {
      throw new ApiException(ErrorCode.SIGNATURE_NONCE_USED, "used in the transaction");
    }
  }

  /** Sends a request that must be refused before it reaches a feature. */
  void assertRefused(HttpCall request, int status, String code, String... mentioned) {
    HttpAnswer answer = send(request);
    assertThat(code(answer)).as(answer.body()).isEqualTo(code);
    assertThat(answer.status()).isEqualTo(status);
    for (String part : mentioned) {
      assertThat(message(answer)).contains(part);
    }
    assertThat(lastRequest).isNull();
  }

  static JsonNode json(HttpAnswer answer) {
    return EciJson.rpc().readTree(answer.body());
  }

  static String code(HttpAnswer answer) {
    return answer.status() == 200 ? "" : json(answer).path("Code").asString();
  }

  static String message(HttpAnswer answer) {
    return json(answer).path("Message").asString();
  }
}
