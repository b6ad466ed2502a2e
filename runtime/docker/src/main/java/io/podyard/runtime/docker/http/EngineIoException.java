package io.podyard.runtime.docker.http;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The engine did not answer, or not in time; docker-java's commands let it pass. */
public final class EngineIoException extends UncheckedIOException {

  private static final long serialVersionUID = 1L;

  EngineIoException(String message, IOException cause) {
    super(message, cause);
  }
}
