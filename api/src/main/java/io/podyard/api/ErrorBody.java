package io.podyard.api;

import io.podyard.api.signature.PercentEncoding;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The body of an error answer (contract section 4).
 *
 * @param recommend a page that says more; null if the installation names none
 */
public record ErrorBody(
    String requestId, String hostId, String code, String message, @Nullable String recommend) {

  /**
   * The body for one error.
   *
   * @param helpPage where {@code recommend} points, without a query; null leaves it out
   */
  public static ErrorBody of(
      ApiException error, String requestId, String hostId, @Nullable URI helpPage) {
    String code = error.code().code();
    String recommend =
        helpPage == null
            ? null
            : helpPage
                + "?q="
                + PercentEncoding.encode(code)
                + "&requestId="
                + PercentEncoding.encode(requestId);
    return new ErrorBody(requestId, hostId, code, error.getMessage(), recommend);
  }
}
