package io.podyard.controlplane.door;

import io.podyard.api.ApiException;

/**
 * How a door writes an error, for errors that come about before the door has seen the request. The
 * RPC door's form serves all paths that no other form covers.
 */
public interface ErrorForm {

  /** Whether errors at this path, as it is on the request line, are written so. */
  boolean covers(String path);

  /**
   * Writes an error.
   *
   * @param status the HTTP status it is answered with
   */
  HttpAnswer error(String requestId, ApiException error, int status, HttpCall call);
}
