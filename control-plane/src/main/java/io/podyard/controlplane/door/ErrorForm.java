package io.podyard.controlplane.door;

import io.podyard.api.ApiException;

/** How a door writes an error, for errors that come about before the door has seen the request. */
public interface ErrorForm {

  /** Whether errors at this path, as it is on the request line, are written so. */
  boolean covers(String path);

  /**
   * Writes an error.
   *
   * @param status what the HTTP server calls it; a door whose contract has another status for the
   *     code answers with that one
   */
  HttpAnswer error(String requestId, ApiException error, int status, HttpCall call);
}
