package io.podyard.controlplane.door.rest;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.account.Caller;

/** What only whoever runs the installation may do. */
final class OperatorOnly {

  private OperatorOnly() {}

  /**
   * @throws ApiException unless the caller's account is an operator's
   */
  static void check(Caller caller) {
    if (!caller.operator()) {
      throw new ApiException(
          ErrorCode.NO_PERMISSION,
          "Only the operator of this installation may do that, with a key of the first account.");
    }
  }

  /** As the handler, for operators. */
  static Route.OwnHandler of(Route.OwnHandler handler) {
    return (caller, fields) -> {
      check(caller);
      return handler.read(caller, fields);
    };
  }
}
