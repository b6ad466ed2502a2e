package io.podyard.runtime.pod;

import java.time.Instant;

/** One thing to be done to an engine for a group. Each may be repeated. */
public sealed interface EngineAction {

  record CreateSandbox() implements EngineAction {}

  /**
   * Begins to fetch an image.
   *
   * @param retry failed fetches of the image before this one
   */
  record BeginPull(String image, int retry) implements EngineAction {}

  record CreateContainer(String container, int attempt, String podIp) implements EngineAction {}

  record StartContainer(String container, int attempt, String engineId) implements EngineAction {}

  /** The stop signal now, the kill at the given time. */
  record BeginStop(String engineId, Instant killAt) implements EngineAction {}

  /** The grace is over: the kill now. */
  record Kill(String engineId) implements EngineAction {}

  /** A hook of a container, given up at the given time. */
  record BeginHook(Checks.Hook hook, String container, int attempt, String engineId, Instant until)
      implements EngineAction {}

  /** Brings volumes, name resolution and limits of the sandbox to a generation of the spec. */
  record UpdateSandbox(long generation) implements EngineAction {}

  /** Hands the core dump of a container that crashed to whoever waits for one. */
  record TakeCoreDump(String engineId, String container, int exitCode) implements EngineAction {}

  record RemoveContainer(String engineId) implements EngineAction {}

  record RemoveSandbox() implements EngineAction {}
}
