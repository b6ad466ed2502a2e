package io.podyard.runtime.docker.http;

import io.podyard.runtime.StaleFenceException;

/** Carries a stale fence through docker-java's commands, which declare nothing. */
public final class FenceStaleInCall extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final StaleFenceException stale;

  FenceStaleInCall(StaleFenceException stale) {
    super(stale);
    this.stale = stale;
  }

  public StaleFenceException stale() {
    return stale;
  }
}
