package io.podyard.runtime.docker.disk;

import java.io.IOException;

/** Somebody else has the disk. */
public final class DiskInUseException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String user;

  DiskInUseException(String id, String user) {
    super(user + " has disk " + id);
    this.user = user;
  }

  /** Who has it. */
  public String user() {
    return user;
  }
}
