package io.podyard.controlplane.door;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.write.DatabaseFailures;
import io.podyard.controlplane.write.NotWrittenException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;

/** Turns whatever went wrong into an error of the catalogue. */
public final class Failures {

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
              : new ApiException(
                  ErrorCode.INTERNAL_ERROR,
                  "The server failed unexpectedly; its log has the cause under the request id.",
                  failure);
    };
  }

  private static boolean isUnavailable(Throwable failure) {
    return failure instanceof TransientDataAccessException
        || failure instanceof DataAccessResourceFailureException
        || DatabaseFailures.isUnavailable(failure);
  }
}
