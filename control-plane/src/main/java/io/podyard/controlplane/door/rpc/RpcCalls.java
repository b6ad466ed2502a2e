package io.podyard.controlplane.door.rpc;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.door.Failures;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import io.podyard.controlplane.door.Operation;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.door.RateLimits;
import io.podyard.controlplane.door.RequestBody;
import io.podyard.controlplane.door.signature.OncePerNonce;
import io.podyard.controlplane.door.signature.ParameterReading;
import io.podyard.controlplane.door.signature.Parameters;
import io.podyard.controlplane.door.signature.SignatureRules;
import io.podyard.controlplane.door.signature.SignatureV1;
import io.podyard.controlplane.door.signature.SignatureV3;
import io.podyard.controlplane.door.signature.SignedRequest;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.write.AnswerTime;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * From an HTTP request to its answer. Never throws: whatever goes wrong becomes an error answer.
 */
final class RpcCalls {

  private static final String FORM = "application/x-www-form-urlencoded";

  private final SignatureV1 signatureV1;
  private final SignatureV3 signatureV3;
  private final OncePerNonce once;
  private final RateLimits limits;
  private final Operations operations;
  private final RpcAnswers answers;
  private final Supplier<String> requestIds;

  /**
   * @param requestIds gives a new id for each request, without characters that JSON would escape
   */
  RpcCalls(
      SignatureRules rules,
      OncePerNonce once,
      RateLimits limits,
      Operations operations,
      RpcAnswers answers,
      Supplier<String> requestIds) {
    this.signatureV1 = new SignatureV1(rules);
    this.signatureV3 = new SignatureV3(rules);
    this.once = once;
    this.limits = limits;
    this.operations = operations;
    this.answers = answers;
    this.requestIds = requestIds;
  }

  HttpAnswer answer(HttpCall request) {
    String requestId = requestIds.get();
    try (LogScope _ = LogScope.ofRequest(requestId)) {
      try {
        return carryOut(request, requestId);
      } catch (Throwable failure) {
        return error(requestId, failure, request);
      }
    }
  }

  private HttpAnswer carryOut(HttpCall request, String requestId) {
    if (!request.method().equals("GET") && !request.method().equals("POST")) {
      throw new ApiException(
          ErrorCode.UNSUPPORTED_HTTP_METHOD, "Requests are sent by GET or POST.");
    }
    byte[] body = RequestBody.read(request, FORM);
    // Its client may take the time it likes to send it.
    return AnswerTime.start(() -> carryOut(request, body, requestId));
  }

  private HttpAnswer carryOut(HttpCall request, byte[] body, String requestId) {
    List<Parameters> readings = ParameterReading.readings(request.rawQuery(), body);
    Action action = RequestedAction.of(readings.getFirst(), request);
    Operation<?, ?> operation =
        operations.of(action).orElseThrow(() -> RequestedAction.notFound(action.wireName()));
    SignedRequest signed =
        SignatureV3.signs(request)
            ? signatureV3.verify(request, body, readings)
            : signatureV1.verify(request, action, readings);
    Function<Throwable, HttpAnswer> error = failure -> error(requestId, failure, request);
    return once.answer(
        signed,
        action.changesSomething(),
        nonce ->
            limits.answer(
                signed.key().account(),
                action.wireName(),
                () -> call(operation, signed, nonce, request, requestId),
                error),
        error);
  }

  private HttpAnswer call(
      Operation<?, ?> operation,
      SignedRequest signed,
      @Nullable NonceUse nonce,
      HttpCall request,
      String requestId) {
    Caller caller = signed.key().caller(requestId, nonce);
    try {
      return answers.success(requestId, operation.call(caller, signed.parameters().all()));
    } catch (Throwable failure) {
      return error(requestId, failure, request);
    }
  }

  private HttpAnswer error(String requestId, Throwable failure, HttpCall request) {
    return answers.error(requestId, Failures.toLoggedError(failure), request);
  }
}
