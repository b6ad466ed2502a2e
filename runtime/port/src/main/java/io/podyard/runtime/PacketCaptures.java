package io.podyard.runtime;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;

/**
 * Captures of the packets in a group's network, beside its containers. What was captured stays on
 * the host under its task until it is removed or the group is.
 */
public interface PacketCaptures {

  /**
   * Begins a capture. One of the same task that is there already, ended ones included, is success.
   *
   * @return false if the image it needs is still being fetched: to be called again soon
   * @throws CaptureRefusedException if it cannot be done: the group has no network now, its image
   *     cannot be had, or the engine refuses
   * @throws RuntimeUnavailableException if the host does not answer
   * @throws StaleFenceException if the right to drive the host is gone
   */
  boolean beginCapture(CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException;

  /** How far a capture is; empty if the host has none of that task. */
  Optional<CaptureState> capture(InstallationId installation, HostId host, String task)
      throws RuntimeUnavailableException;

  /** Has a capture end; that it did is seen in its state. What is not there is fine. */
  void endCapture(InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * Writes what an ended capture has, in the format of libpcap and with whole packets only. May be
   * done again.
   *
   * @throws CaptureRefusedException if there is nothing that could be read
   * @throws RuntimeUnavailableException if the host does not answer
   * @throws IOException if the stream does not take it
   */
  void readCapture(InstallationId installation, HostId host, String task, OutputStream out)
      throws RuntimeUnavailableException, CaptureRefusedException, IOException;

  /** Ends and removes a capture with what it has. What is not there is fine. */
  void removeCapture(InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /** The tasks of which the host has a capture. */
  Set<String> captures(InstallationId installation, HostId host) throws RuntimeUnavailableException;
}
