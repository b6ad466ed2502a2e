package io.podyard.runtime.pod;

import io.podyard.model.InstallationId;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;

/** How one engine captures packets; see {@link io.podyard.runtime.PacketCaptures}. */
public interface CapturingEngine {

  /**
   * Begins a capture in the network of a group's sandbox, with an image that is on the host. One of
   * the same task that is there already is success.
   *
   * @param sandbox the engine's id of it
   * @throws CaptureRefusedException if the engine will never do it as ordered
   */
  void beginCapture(String sandbox, CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException;

  /** How far a capture is; empty if there is none of that task. */
  Optional<CaptureState> capture(InstallationId installation, String task)
      throws RuntimeUnavailableException;

  /** Has a capture end. What is not there is fine. */
  void endCapture(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * Writes what an ended capture has, whole packets only.
   *
   * @throws CaptureRefusedException if there is nothing that could be read
   * @throws IOException if the stream does not take it
   */
  void readCapture(InstallationId installation, String task, OutputStream out)
      throws RuntimeUnavailableException, CaptureRefusedException, IOException;

  /** Ends and removes a capture with what it has. What is not there is fine. */
  void removeCapture(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /** The tasks of which there is a capture. */
  Set<String> captures(InstallationId installation) throws RuntimeUnavailableException;
}
