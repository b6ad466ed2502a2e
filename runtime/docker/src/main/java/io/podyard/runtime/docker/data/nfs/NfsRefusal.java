package io.podyard.runtime.docker.data.nfs;

/** The server does not give something, and asking again would not help. */
public final class NfsRefusal extends Exception {

  private static final long serialVersionUID = 1L;

  public NfsRefusal(String message) {
    super(message);
  }
}
