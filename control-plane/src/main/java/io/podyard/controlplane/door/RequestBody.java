package io.podyard.controlplane.door;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request: of the one media type a door takes, or nothing. */
public final class RequestBody {

  /** Larger than any request the contract allows: config files of a group have 60 KB in all. */
  public static final int MOST_BYTES = 1 << 20;

  private RequestBody() {}

  /**
   * Reads the body; empty if there is none.
   *
   * @throws ApiException if it is too large, cannot be read, or is of another media type
   */
  public static byte[] read(HttpCall request, String mediaType) {
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
      requireType(request, mediaType);
    }
    return bytes;
  }

  /**
   * Makes sure that a request says it is of a media type, whether or not it has a body.
   *
   * @throws ApiException if it says something else, or nothing
   */
  public static void requireType(HttpCall request, String mediaType) {
    @Nullable String contentType = request.header("content-type");
    String[] parts = contentType == null ? new String[0] : contentType.split(";", -1);
    boolean right = parts.length > 0 && parts[0].strip().equalsIgnoreCase(mediaType);
    boolean utf8 =
        Arrays.stream(parts)
            .map(part -> part.strip().toLowerCase(Locale.ROOT).replace("\"", ""))
            .filter(part -> part.startsWith("charset="))
            .allMatch(part -> part.equals("charset=utf-8"));
    if (!right || !utf8) {
      throw new ApiException(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "Content-Type",
              contentType,
              "must be " + mediaType + " in UTF-8, also where the body is empty"));
    }
  }

  private static ApiException tooLarge() {
    return new ApiException(
        ErrorCode.REQUEST_ENTITY_TOO_LARGE,
        "The body of a request has at most " + MOST_BYTES + " bytes.");
  }
}
