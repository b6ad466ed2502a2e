package io.podyard.runtime;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.util.Set;

/**
 * What hosts keep for data caches. What is held is never removed for want of room; a group that
 * names it ({@link VolumeSpec.DataCache}) mounts it without a byte from its source.
 */
public interface DataCopies {

  /**
   * Brings the content of a data cache to the host, which holds it until it is released, and waits
   * for the end. May be done again after any death; what is held already is told and asks no source
   * for anything. The content is as it is when it is first read; what another host holds of it is
   * given with the order, and nothing else is held then.
   *
   * @param progress called on the caller's thread
   * @throws DataNotFetchedException if it cannot be had
   * @throws RuntimeUnavailableException if the host does not answer; do it again later
   * @throws StaleFenceException if the right to drive the host is gone
   * @throws InterruptedException if the caller is to stop
   */
  HeldData holdData(DataCopyOrder order, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException;

  /**
   * Lets go of what is held for a data cache. What is not there is fine. Groups that have it go on;
   * what nobody has any more is freed.
   *
   * @throws RuntimeUnavailableException if the host does not answer
   * @throws StaleFenceException if the right to drive the host is gone
   */
  void releaseData(InstallationId installation, HostId host, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * The data caches that the host holds.
   *
   * @throws RuntimeUnavailableException if the host does not answer
   */
  Set<String> heldData(InstallationId installation, HostId host) throws RuntimeUnavailableException;
}
