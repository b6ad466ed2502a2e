package io.podyard.controlplane.door;

import io.podyard.api.ErrorCode;

/** The HTTP statuses that the doors answer errors with. */
public final class ErrorStatus {

  private ErrorStatus() {}

  /** At the RPC door: the contract's. */
  public static int rpc(ErrorCode code) {
    return code.httpStatus();
  }

  /**
   * At the REST door: the contract's, but where HTTP has one that says it better, its own. The RPC
   * door answers all of these as the contract has it, with 400 and 404; nobody's SDK expects that
   * here, and tools that know nothing of the codes ask for a login, look at Allow or wait.
   */
  public static int rest(ErrorCode code) {
    return switch (code) {
      case INVALID_ACCESS_KEY_ID_NOT_FOUND,
          INVALID_ACCESS_KEY_ID_INACTIVE,
          SIGNATURE_DOES_NOT_MATCH,
          INCOMPLETE_SIGNATURE,
          INVALID_SIGNATURE_METHOD ->
          401;
      case INVALID_INSTANCE_ID_NOT_FOUND -> 404;
      case UNSUPPORTED_HTTP_METHOD -> 405;
      case THROTTLING -> 429;
      default -> code.httpStatus();
    };
  }

  /** Both in words: one number where they are the same. */
  public static String words(ErrorCode code) {
    return rpc(code) == rest(code)
        ? "HTTP status %d".formatted(rpc(code))
        : "HTTP status %d at /, %d at /v1".formatted(rpc(code), rest(code));
  }
}
