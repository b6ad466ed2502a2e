package io.podyard.controlplane.door.rest;

import io.podyard.api.Action;
import io.podyard.api.Decoded;
import io.podyard.api.RpcCodec;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.door.Operation;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.write.NotWrittenException;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the door. A bean for each.
 *
 * @param operationId ECI's name of the action where there is one
 * @param method GET, POST, PUT, PATCH or DELETE
 * @param requestType its components are the fields: path variables by their names, the others in
 *     the body if the method has one and in the query of anything else
 * @param action whose parameters these are; null for an operation that ECI does not have
 */
record Route(
    String operationId,
    String method,
    PathTemplate path,
    Class<? extends Record> requestType,
    Class<? extends Record> responseType,
    @Nullable Action action,
    Handler handler,
    RouteText text) {

  static final String PREFIX = "/v1";

  /** Carries a request out. */
  @FunctionalInterface
  interface Handler {

    /**
     * Returns when the effect is durable.
     *
     * @param fields those that were given, and what is wrong with them so far
     * @throws io.podyard.api.ApiException if the request is refused
     * @throws NotWrittenException if the effect may not be durable
     */
    Record handle(Caller caller, FieldValues fields) throws NotWrittenException;
  }

  /** Carries out an action of ECI whose answer has more than ECI's. */
  @FunctionalInterface
  interface ExtendedHandler<Q extends Record> {

    /**
     * Returns when the effect is durable.
     *
     * @throws io.podyard.api.ApiException with every problem of the request
     */
    Record handle(Caller caller, Decoded<Q> request);
  }

  /**
   * Reads the fields of an operation that ECI does not have. What is wrong with them is answered,
   * together with what was found before, once all are read; only then the operation is carried out.
   */
  @FunctionalInterface
  interface OwnHandler {

    /**
     * Has no effect.
     *
     * @throws io.podyard.api.ApiException if the caller may not ask for this at all
     */
    OwnCall read(Caller caller, OwnFields fields);
  }

  /** What an operation that ECI does not have does, its fields being right. */
  @FunctionalInterface
  interface OwnCall {

    /**
     * Returns when the effect is durable.
     *
     * @throws io.podyard.api.ApiException if the request is refused
     * @throws NotWrittenException if the effect may not be durable
     */
    Record carryOut() throws NotWrittenException;
  }

  /** An action of ECI at a path. */
  static Route of(
      Operations operations, Action action, String method, String path, RouteText text) {
    Operation<?, ?> operation =
        operations
            .of(action)
            .orElseThrow(() -> new IllegalStateException(action + " has no operation"));
    return new Route(
        action.wireName(),
        method,
        new PathTemplate(PREFIX + path),
        action.requestType(),
        action.responseType(),
        action,
        (caller, fields) -> operation.call(caller, fields.values(), fields.problems()),
        text);
  }

  /** An action of ECI at a path, with more in its answer than ECI has. */
  static <Q extends Record> Route extended(
      Action action,
      Class<Q> requestType,
      String method,
      String path,
      Class<? extends Record> responseType,
      ExtendedHandler<Q> handler,
      RouteText text) {
    return new Route(
        action.wireName(),
        method,
        new PathTemplate(PREFIX + path),
        requestType,
        responseType,
        action,
        (caller, fields) ->
            handler.handle(
                caller,
                RpcCodec.decode(requestType, action, fields.values()).after(fields.problems())),
        text);
  }

  /** An operation that ECI does not have. */
  static Route own(
      String operationId,
      String method,
      String path,
      Class<? extends Record> requestType,
      Class<? extends Record> responseType,
      OwnHandler handler,
      RouteText text) {
    return new Route(
        operationId,
        method,
        new PathTemplate(PREFIX + path),
        requestType,
        responseType,
        null,
        (caller, fields) -> {
          OwnFields own = new OwnFields(requestType, fields);
          OwnCall call = handler.read(caller, own);
          own.check();
          return call.carryOut();
        },
        text);
  }

  /** Whether fields travel in a body. */
  boolean hasBody() {
    return method.equals("POST") || method.equals("PATCH") || method.equals("PUT");
  }

  boolean changesSomething() {
    return !method.equals("GET");
  }
}
