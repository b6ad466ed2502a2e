package io.podyard.controlplane.door.rest;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.ActiveKey;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.door.Failures;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import io.podyard.controlplane.door.RateLimits;
import io.podyard.controlplane.door.RequestBody;
import io.podyard.controlplane.door.signature.OncePerNonce;
import io.podyard.controlplane.door.signature.ParameterReading;
import io.podyard.controlplane.door.signature.Parameters;
import io.podyard.controlplane.door.signature.SignatureRules;
import io.podyard.controlplane.door.signature.SignatureV3;
import io.podyard.controlplane.door.signature.SignedRequest;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.write.AnswerTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * From an HTTP request to its answer. Never throws: whatever goes wrong becomes a problem answer.
 */
final class RestCalls {

  private static final String JSON = "application/json";
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final String CLIENT_TOKEN = "ClientToken";

  private final Routes routes;
  private final SignatureV3 signatureV3;
  private final BasicLogin basic;
  private final OncePerNonce once;
  private final RateLimits limits;
  private final RestAnswers answers;
  private final Supplier<String> requestIds;

  /**
   * @param requestIds gives a new id for each request, without characters that JSON would escape
   */
  RestCalls(
      Routes routes,
      SignatureRules rules,
      OncePerNonce once,
      RateLimits limits,
      RestAnswers answers,
      Supplier<String> requestIds) {
    this.routes = routes;
    this.signatureV3 = new SignatureV3(rules);
    this.basic = new BasicLogin(rules);
    this.once = once;
    this.limits = limits;
    this.answers = answers;
    this.requestIds = requestIds;
  }

  HttpAnswer answer(HttpCall call) {
    String requestId = requestIds.get();
    try (LogScope _ = LogScope.ofRequest(requestId)) {
      try {
        return switch (routes.find(call.method(), call.path())) {
          case Routes.Match match -> new Request(call, match, requestId).answer();
          case Routes.OtherMethods other -> answers.otherMethod(requestId, call, other.allowed());
          case Routes.Nothing nothing ->
              answers.error(
                  requestId,
                  new ApiException(ErrorCode.INVALID_API_NOT_FOUND, "There is nothing here."),
                  call,
                  UnaryOperator.identity());
        };
      } catch (Throwable failure) {
        return error(requestId, failure, call, UnaryOperator.identity());
      }
    }
  }

  private HttpAnswer error(
      String requestId, Throwable failure, HttpCall call, UnaryOperator<String> naming) {
    return answers.error(requestId, Failures.toLoggedError(failure), call, naming);
  }

  /** One request whose operation is known. */
  private final class Request {

    private final HttpCall call;
    private final Route route;
    private final Map<String, String> variables;
    private final String requestId;
    private final FieldValues fields = new FieldValues();

    Request(HttpCall call, Routes.Match match, String requestId) {
      this.call = call;
      this.route = match.route();
      this.variables = match.variables();
      this.requestId = requestId;
    }

    HttpAnswer answer() {
      try {
        byte[] body = RequestBody.read(call, JSON);
        // Its client may take the time it likes to send it.
        return AnswerTime.start(() -> answer(body));
      } catch (Throwable failure) {
        return error(failure);
      }
    }

    private HttpAnswer answer(byte[] body) {
      List<Parameters> readings = ParameterReading.queries(call.rawQuery());
      if (!SignatureV3.signs(call)) {
        return withinLimit(basic.login(call), null, readings.getFirst(), body);
      }
      SignedRequest signed = signatureV3.verify(call, body, readings);
      requireHeader("x-acs-action", route.operationId());
      requireHeader("x-acs-version", Action.CONTRACT_VERSION);
      return once.answer(
          signed,
          route.changesSomething(),
          nonce -> withinLimit(signed.key(), nonce, signed.parameters(), body),
          this::error);
    }

    /** Signers that must name the action may; then it has to be the one of the path. */
    private void requireHeader(String header, String expected) {
      String value = call.header(header);
      if (value != null && !value.equals(expected)) {
        throw new ApiException(
            new Problem(
                ErrorCode.INVALID_PARAMETER, header, value, "must be " + expected + " or absent"));
      }
    }

    private HttpAnswer withinLimit(
        ActiveKey key, @Nullable NonceUse nonce, Parameters query, byte[] body) {
      return limits.answer(
          key.account(), route.operationId(), () -> carryOut(key, nonce, query, body), this::error);
    }

    private HttpAnswer carryOut(
        ActiveKey key, @Nullable NonceUse nonce, Parameters query, byte[] body) {
      try {
        readFields(query, body);
        Caller caller = key.caller(requestId, nonce);
        Record answer = route.handler().handle(caller, fields);
        return switch (answer) {
          case StreamedAnswer streamed -> answers.stream(requestId, streamed);
          case BillFile file -> answers.file(requestId, file);
          default -> answers.success(requestId, answer);
        };
      } catch (Throwable failure) {
        return error(failure);
      }
    }

    private void readFields(Parameters query, byte[] body) {
      variables.forEach(
          (name, value) -> {
            Fields.Field field = Fields.of(route.requestType()).named(name);
            if (field == null) {
              throw new IllegalStateException(route.operationId() + " has no field " + name);
            }
            fields.put(field.wireName(), value);
          });
      if (route.hasBody()) {
        // Also for an empty body: a page of another site cannot send this type unasked.
        RequestBody.requireType(call, JSON);
        query
            .query()
            .forEach(
                pair ->
                    fields.refuseUnknown(pair.getKey(), "belongs into the body, not the query"));
        JsonBody.read(body, route.requestType(), variables.keySet(), fields);
      } else {
        if (body.length > 0) {
          throw new ApiException(
              ErrorCode.INVALID_PARAMETER, "A " + call.method() + " request has no body.");
        }
        QueryFields.read(query.query(), route.requestType(), variables.keySet(), fields);
      }
      readIdempotencyKey();
    }

    private void readIdempotencyKey() {
      String key = call.header("idempotency-key");
      if (key == null || key.isEmpty()) {
        return;
      }
      if (Fields.of(route.requestType()).hasWireName(CLIENT_TOKEN)) {
        String inBody = fields.values().get(CLIENT_TOKEN);
        if (inBody != null && !inBody.equals(key)) {
          fields.refuseUnknown(IDEMPOTENCY_KEY, "must be the same as clientToken");
        }
        fields.values().put(CLIENT_TOKEN, key);
      } else {
        fields.refuseUnknown(IDEMPOTENCY_KEY, "is not taken by " + route.operationId());
      }
    }

    private HttpAnswer error(Throwable failure) {
      Set<String> unknown = fields.unknown();
      return RestCalls.this.error(
          requestId,
          failure,
          call,
          name -> unknown.contains(name) ? name : Fields.restName(route.requestType(), name));
    }
  }
}
