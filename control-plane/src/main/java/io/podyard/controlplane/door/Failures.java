package io.podyard.controlplane.door;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.ErrorKind;
import io.podyard.controlplane.write.DatabaseFailures;
import io.podyard.controlplane.write.NotWrittenException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;

/** Turns whatever went wrong into an error of the catalogue. */
public final class Failures {

  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** The error to answer with. Its message says nothing about the inside of the server. */
  public static ApiException toError(Throwable failure) {
    return switch (failure) {
      case ApiException error -> error;
      case NotWrittenException notWritten ->
          new ApiException(
              ErrorCode.SERVICE_UNAVAILABLE,
              "The change could not be confirmed and may or may not be made. Repeat the request"
                  + " with the same ClientToken.",
              notWritten);
      default ->
          isUnavailable(failure)
              ? new ApiException(
                  ErrorCode.SERVICE_UNAVAILABLE,
                  "The server cannot reach its database at the moment. Repeat the request.",
                  failure)
              : internal(failure);
    };
  }

  /** The error to answer with, and a line in the log that is worth its cause. */
  public static ApiException toLoggedError(Throwable failure) {
    ApiException error = toError(failure);
    if (error.code() == ErrorCode.INTERNAL_ERROR) {
      log.error("A request failed unexpectedly", failure);
    } else if (error.code().kind() == ErrorKind.INTERNAL) {
      log.warn("{}: {}", error.code().code(), failure.toString());
    } else {
      // Not the message: it repeats parameters, and those may be secrets.
      log.debug("Refused with {}", error.code().code());
    }
    return error;
  }

  /**
   * The error for a request that the HTTP server answered itself, before any door or past all.
   *
   * @param status what it answers, 400 to 599
   */
  public static ApiException ofStatus(int status) {
    return switch (status) {
      case 404 -> new ApiException(ErrorCode.INVALID_API_NOT_FOUND, "There is nothing here.");
      case 405, 501 ->
          new ApiException(ErrorCode.UNSUPPORTED_HTTP_METHOD, "This path takes other methods.");
      case 413, 414, 431 ->
          new ApiException(ErrorCode.REQUEST_ENTITY_TOO_LARGE, "The request is too large.");
      case 503 ->
          new ApiException(ErrorCode.SERVICE_UNAVAILABLE, "The server is starting or stopping.");
      default ->
          status >= 500
              ? internal(null)
              : new ApiException(
                  ErrorCode.INVALID_PARAMETER,
                  "The HTTP request cannot be read: its first line or a header is malformed or"
                      + " too long.");
    };
  }

  private static ApiException internal(@Nullable Throwable cause) {
    return new ApiException(
        ErrorCode.INTERNAL_ERROR,
        "The server failed unexpectedly; its log has the cause under the request id.",
        cause);
  }

  private static boolean isUnavailable(Throwable failure) {
    return failure instanceof TransientDataAccessException
        || failure instanceof DataAccessResourceFailureException
        || DatabaseFailures.isUnavailable(failure);
  }
}
