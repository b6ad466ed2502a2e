package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;

/** Logs of containers, from the engine while it has them and from the archive afterwards. */
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
      if (kept.read(name, text::add)) {
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

  /**
   * Follows a log: at the engine while it has the container, else in the archive.
   *
   * @throws NoSuchContainerException if there is no such log
   */
  LogStream follow(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    String path =
        "/containers/%s/logs?follow=1&stdout=1&stderr=1&timestamps=1&tail=%d"
            .formatted(name, query.tailLines());
    try {
      return new FollowedLog(calls, name, query, calls.open(EngineRequest.get(path)));
    } catch (NotFoundException | ConflictException e) {
      // Removed, or just being removed: then all of it is kept.
      LogText text = new LogText(query);
      try {
        if (kept.read(name, text::add)) {
          return new EndedLog(name.attempt(), text);
        }
      } catch (IOException unreadable) {
        throw new RuntimeUnavailableException("the log of " + name + " cannot be read", unreadable);
      }
      throw new NoSuchContainerException("there is no log of " + name);
    } catch (DockerException e) {
      throw calls.unavailable(e);
    }
  }

  /**
   * Keeps the log of a container that is to be removed. One that the engine refuses to tell is lost
   * and stops no removal.
   *
   * @throws RuntimeUnavailableException if it cannot be kept now; the container is to stay
   */
  void keep(String engineId, ContainerName name) throws RuntimeUnavailableException {
    try {
      kept.<RuntimeUnavailableException>keep(
          name,
          sink -> {
            if (!fromEngine(engineId, "all", sink)) {
              throw new RemovedMeanwhile();
            }
          });
    } catch (RemovedMeanwhile e) {
      // By somebody who kept it; an empty log must not take its place.
    } catch (DockerException e) {
      System.getLogger(ContainerLogs.class.getName())
          .log(System.Logger.Level.WARNING, "the log of " + name + " is lost", e);
    } catch (IOException e) {
      throw new RuntimeUnavailableException(
          "the log of %s cannot be kept now: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static final class RemovedMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1L;
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
    } catch (NotFoundException | ConflictException e) {
      // A container that is just being removed has no log any more either.
      return false;
    } catch (StaleFenceException e) {
      throw new IllegalStateException("reading needs no fence", e);
    }
  }
}
