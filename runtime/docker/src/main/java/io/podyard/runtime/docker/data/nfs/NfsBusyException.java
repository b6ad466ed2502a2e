package io.podyard.runtime.docker.data.nfs;

import java.io.IOException;

/** The server asks to be asked again later. */
public final class NfsBusyException extends IOException {

  private static final long serialVersionUID = 1L;

  public NfsBusyException(String message) {
    super(message);
  }
}
