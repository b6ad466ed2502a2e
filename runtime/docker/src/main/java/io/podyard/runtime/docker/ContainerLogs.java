package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Logs of containers, from the engine while it has them and from the kept files afterwards. */
final class ContainerLogs {

  private final EngineCalls calls;
  private final KeptLogs kept;

  ContainerLogs(EngineCalls calls, KeptLogs kept) {
    this.calls = calls;
    this.kept = kept;
  }

  String logs(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    LogText text = new LogText(query);
    try {
      if (fromEngine(name.toString(), Integer.toString(query.tailLines()), text::add)) {
        return text.text();
      }
      if (kept.has(name)) {
        kept.read(name, text::add);
        return text.text();
      }
    } catch (DockerException e) {
      throw calls.unavailable(e);
    } catch (IOException e) {
      throw new RuntimeUnavailableException("the log of " + name + " cannot be read", e);
    }
    throw new NoSuchContainerException(
        "there is no log of attempt " + name.attempt() + " of container " + name.container());
  }

  /** Keeps the log of a container that is to be removed. Trouble with it stops no removal. */
  void keep(String engineId, ContainerName name) throws RuntimeUnavailableException {
    try {
      kept.<RuntimeUnavailableException>keep(
          name, sink -> fromEngine(engineId, "all", line -> toDisk(sink, line)));
    } catch (IOException | UncheckedIOException | DockerException e) {
      System.getLogger(ContainerLogs.class.getName())
          .log(System.Logger.Level.WARNING, "the log of " + name + " is lost", e);
    }
  }

  /** So that a full disk is not taken for a broken connection. */
  private static void toDisk(LogFrames.LineSink sink, LogLine line) {
    try {
      sink.line(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** False if the engine does not have the container. */
  private boolean fromEngine(String container, String tail, LogFrames.LineSink sink)
      throws RuntimeUnavailableException, IOException {
    String path = "/containers/" + container + "/logs?stdout=1&stderr=1&timestamps=1&tail=" + tail;
    try {
      calls.follow(
          EngineRequest.get(path),
          CallScope.reading(calls.timeout()),
          answer -> {
            new LogFrames(answer.getBody()).forEachLine(sink);
          });
      return true;
    } catch (NotFoundException e) {
      return false;
    } catch (StaleFenceException e) {
      throw new IllegalStateException("reading needs no fence", e);
    }
  }
}
