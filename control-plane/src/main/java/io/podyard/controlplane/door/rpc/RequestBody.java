package io.podyard.controlplane.door.rpc;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request: a form, or nothing. */
final class RequestBody {

  /** Larger than any request the contract allows: config files of a group have 60 KB in all. */
  static final int MOST_BYTES = 1 << 20;

  private static final String FORM = "application/x-www-form-urlencoded";

  private RequestBody() {}

  /**
   * Reads the body; empty if there is none.
   *
   * @throws ApiException if it is too large, cannot be read, or is something other than a form
   */
  static byte[] read(RpcRequest request) {
    byte[] bytes;
    try {
      bytes = request.body().readNBytes(MOST_BYTES + 1);
    } catch (SocketTimeoutException e) {
      throw new ApiException(
          ErrorCode.REQUEST_TIMEOUT, "The body of the request did not arrive in time.", e);
    } catch (IOException e) {
      throw new ApiException(
          ErrorCode.INVALID_PARAMETER, "The body of the request cannot be read.", e);
    }
    if (bytes.length > MOST_BYTES) {
      throw tooLarge();
    }
    if (bytes.length > 0) {
      requireForm(request.header("content-type"));
    }
    return bytes;
  }

  private static void requireForm(@Nullable String contentType) {
    String[] parts = contentType == null ? new String[0] : contentType.split(";", -1);
    boolean form = parts.length > 0 && parts[0].strip().equalsIgnoreCase(FORM);
    boolean utf8 =
        Arrays.stream(parts)
            .map(part -> part.strip().toLowerCase(Locale.ROOT).replace("\"", ""))
            .filter(part -> part.startsWith("charset="))
            .allMatch(part -> part.equals("charset=utf-8"));
    if (!form || !utf8) {
      throw new ApiException(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "Content-Type",
              contentType,
              "must be " + FORM + " in UTF-8 for a request with a body"));
    }
  }

  private static ApiException tooLarge() {
    return new ApiException(
        ErrorCode.REQUEST_ENTITY_TOO_LARGE,
        "The body of a request has at most " + MOST_BYTES + " bytes.");
  }
}
