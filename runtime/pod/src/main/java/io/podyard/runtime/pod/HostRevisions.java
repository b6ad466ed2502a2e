package io.podyard.runtime.pod;

import io.podyard.model.HostId;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.Map;
import java.util.Optional;

/** Answers for the engines of all hosts at once; see {@code GroupRuntime.revisions}. */
@FunctionalInterface
public interface HostRevisions {

  /**
   * What the hosts that answer are at.
   *
   * @return empty if hosts have to be asked one by one
   * @throws RuntimeUnavailableException if nobody answers
   */
  Optional<Map<HostId, Long>> ask() throws RuntimeUnavailableException;
}
