package io.podyard.runtime;

/**
 * An image could not be made or brought to its registry, and trying the same again is of no use.
 * The message is for who asked for it: the registry's own reason where it gave one.
 */
public final class ImageNotPushedException extends Exception {

  private static final long serialVersionUID = 1L;

  public ImageNotPushedException(String message) {
    super(message);
  }

  public ImageNotPushedException(String message, Throwable cause) {
    super(message, cause);
  }
}
