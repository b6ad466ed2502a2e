package io.podyard.runtime.docker;

import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.http.EngineAnswer;
import io.podyard.runtime.docker.http.Trouble;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.time.Instant;

/** A log as the engine tells it while it is written, over a connection of its own. */
final class FollowedLog implements LogStream {

  private final EngineCalls calls;
  private final ContainerName name;
  private final LogQuery query;
  private final EngineAnswer answer;
  private volatile boolean closed;

  FollowedLog(EngineCalls calls, ContainerName name, LogQuery query, EngineAnswer answer) {
    this.calls = calls;
    this.name = name;
    this.query = query;
    this.answer = answer;
  }

  /** No more lines are wanted. */
  private static final class EnoughException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public int attempt() {
    return name.attempt();
  }

  @Override
  public void forEach(Lines lines) throws RuntimeUnavailableException {
    Instant since = query.since();
    try {
      new LogFrames(answer.getBody(), LONGEST_LINE)
          .forEachLine(
              line -> {
                boolean wanted = since == null || !line.time().isBefore(since);
                if (wanted && !lines.line(line.time(), line.withoutEnd())) {
                  throw new EnoughException();
                }
              });
    } catch (EnoughException e) {
      close();
    } catch (IOException e) {
      if (!closed) {
        throw new RuntimeUnavailableException(
            "the connection to engine %s broke: %s".formatted(calls.address(), Trouble.words(e)),
            e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    answer.close();
  }
}
