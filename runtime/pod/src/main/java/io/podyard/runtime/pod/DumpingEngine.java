package io.podyard.runtime.pod;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** How one engine comes by core dumps; see {@link io.podyard.runtime.CoreDumps}. */
public interface DumpingEngine {

  /** Why the core dumps of a group cannot be had on this host; empty if they can. */
  Optional<String> noCoreDumpsBecause(
      InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * Writes the core dump that an ended container left.
   *
   * @param mostBytes of which it must have no more
   * @throws CoreDumpMissingException if there is none that could be had
   * @throws IOException if the stream does not take it
   */
  void readCoreDump(String engineId, long mostBytes, Fence fence, OutputStream out)
      throws RuntimeUnavailableException,
          StaleFenceException,
          CoreDumpMissingException,
          IOException;
}
