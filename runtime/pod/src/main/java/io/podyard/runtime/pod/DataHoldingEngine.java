package io.podyard.runtime.pod;

import io.podyard.model.InstallationId;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.Fence;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.util.Set;

/**
 * How one engine keeps the content of data caches; see {@link io.podyard.runtime.DataCopies}.
 * {@link #holdData} waits for the end of what it does, on a thread that is its caller's.
 */
public interface DataHoldingEngine {

  /** Brings the content of a data cache and holds it. */
  HeldData holdData(DataCopyOrder order, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException;

  /** Lets go of what is held for a data cache. What is not there is fine. */
  void releaseData(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /** The data caches that are held. */
  Set<String> heldData(InstallationId installation) throws RuntimeUnavailableException;
}
