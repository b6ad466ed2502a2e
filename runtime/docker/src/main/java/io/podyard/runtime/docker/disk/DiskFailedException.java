package io.podyard.runtime.docker.disk;

import java.io.IOException;

/** A disk cannot be had here; the message says why, to the users of the group that wants it. */
public final class DiskFailedException extends IOException {

  private static final long serialVersionUID = 1L;

  DiskFailedException(String why) {
    super(why);
  }

  DiskFailedException(String why, Throwable cause) {
    super(why, cause);
  }
}
