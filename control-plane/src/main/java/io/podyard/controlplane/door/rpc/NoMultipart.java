package io.podyard.controlplane.door.rpc;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.multipart.MultipartResolver;

/**
 * Takes no body for a multipart one. No door wants them, and parsing one would swallow the body
 * before a door can check or refuse it.
 */
final class NoMultipart implements MultipartResolver {

  @Override
  public boolean isMultipart(HttpServletRequest request) {
    return false;
  }

  @Override
  public MultipartHttpServletRequest resolveMultipart(HttpServletRequest request) {
    throw new IllegalStateException("nothing is a multipart request here");
  }

  @Override
  public void cleanupMultipart(MultipartHttpServletRequest request) {
    // nothing was resolved
  }
}
