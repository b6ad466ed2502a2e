package io.podyard.controlplane.door.rpc;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.ErrorKind;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.idempotency.NonceBurner;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.write.NotWrittenException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * From an HTTP request to its answer. Never throws: whatever goes wrong becomes an error answer.
 */
final class RpcCalls {

  private static final Logger log = LoggerFactory.getLogger(RpcCalls.class);

  private final SignatureV1 signatureV1;
  private final SignatureV3 signatureV3;
  private final SeenNonces seen;
  private final NonceBurner burner;
  private final RpcOperations operations;
  private final RpcAnswers answers;
  private final Supplier<String> requestIds;

  /**
   * @param requestIds gives a new id for each request, without characters that JSON would escape
   */
  RpcCalls(
      SignatureRules rules,
      SeenNonces seen,
      NonceBurner burner,
      RpcOperations operations,
      RpcAnswers answers,
      Supplier<String> requestIds) {
    this.signatureV1 = new SignatureV1(rules);
    this.signatureV3 = new SignatureV3(rules);
    this.seen = seen;
    this.burner = burner;
    this.operations = operations;
    this.answers = answers;
    this.requestIds = requestIds;
  }

  RpcAnswer answer(RpcRequest request) {
    String requestId = requestIds.get();
    try (var inLog = MDC.putCloseable("requestId", requestId)) {
      try {
        return carryOut(request, requestId);
      } catch (Throwable failure) {
        return error(requestId, failure, request);
      }
    }
  }

  private RpcAnswer carryOut(RpcRequest request, String requestId) {
    if (!request.method().equals("GET") && !request.method().equals("POST")) {
      throw new ApiException(
          ErrorCode.UNSUPPORTED_HTTP_METHOD, "Requests are sent by GET or POST.");
    }
    byte[] body = RequestBody.read(request);
    List<Parameters> readings = ParameterReading.readings(request.rawQuery(), body);
    Action action = RequestedAction.of(readings.getFirst(), request);
    RpcOperation<?, ?> operation =
        operations.of(action).orElseThrow(() -> RequestedAction.notFound(action.wireName()));
    SignedRequest signed =
        SignatureV3.signs(request)
            ? signatureV3.verify(request, body, readings)
            : signatureV1.verify(request, readings);
    if (!seen.add(signed.key().id(), signed.nonce())) {
      throw nonceUsed();
    }
    NonceUse nonce =
        action.changesSomething() ? new NonceUse(signed.key().id(), signed.nonce()) : null;
    RpcAnswer answer = call(operation, signed, nonce, request, requestId);
    if (answer.status() != ErrorCode.SERVICE_UNAVAILABLE.httpStatus()) {
      answer = burn(nonce, answer, request, requestId);
    }
    if (answer.status() == ErrorCode.SERVICE_UNAVAILABLE.httpStatus()) {
      // The client was told to repeat the request, so the very same one must pass.
      seen.forget(signed.key().id(), signed.nonce());
    }
    return answer;
  }

  private RpcAnswer call(
      RpcOperation<?, ?> operation,
      SignedRequest signed,
      @Nullable NonceUse nonce,
      RpcRequest request,
      String requestId) {
    Caller caller =
        new Caller(signed.key().account(), signed.key().operator(), signed.key().id(), nonce);
    try {
      return answers.success(requestId, operation.call(caller, signed.parameters().all()));
    } catch (Throwable failure) {
      return error(requestId, failure, request);
    }
  }

  /** Burns a nonce that no feature has burnt; a request that was there before is refused. */
  private RpcAnswer burn(
      @Nullable NonceUse nonce, RpcAnswer answer, RpcRequest request, String requestId) {
    if (nonce == null || nonce.settled()) {
      return answer;
    }
    try {
      return burner.burn(nonce) ? answer : error(requestId, nonceUsed(), request);
    } catch (NotWrittenException | RuntimeException failure) {
      return error(requestId, failure, request);
    }
  }

  private RpcAnswer error(String requestId, Throwable failure, RpcRequest request) {
    ApiException error = Failures.toError(failure);
    if (error.code() == ErrorCode.INTERNAL_ERROR) {
      log.error("A request failed unexpectedly", failure);
    } else if (error.code().kind() == ErrorKind.INTERNAL) {
      log.warn("{}: {}", error.code().code(), failure.toString());
    } else {
      // Not the message: it repeats parameters, and those may be secrets.
      log.debug("Refused with {}", error.code().code());
    }
    return answers.error(requestId, error, request);
  }

  private static ApiException nonceUsed() {
    return new ApiException(
        ErrorCode.SIGNATURE_NONCE_USED, "The nonce of the signature was used before.");
  }
}
