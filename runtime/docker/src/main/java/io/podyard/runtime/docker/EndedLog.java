package io.podyard.runtime.docker;

import io.podyard.runtime.LogStream;

/** What is left of the log of an attempt whose container was removed. */
record EndedLog(int attempt, LogText text) implements LogStream {

  @Override
  public void forEach(Lines lines) {
    text.forEach(lines);
  }

  @Override
  public void close() {}
}
