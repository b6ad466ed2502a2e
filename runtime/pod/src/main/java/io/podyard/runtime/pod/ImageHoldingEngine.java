package io.podyard.runtime.pod;

import io.podyard.model.InstallationId;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.Fence;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.HostImage;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.ImageNotFetchedException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.util.List;
import java.util.Set;

/**
 * How one engine keeps images for caches; see {@link io.podyard.runtime.ImageCopies}. Unlike the
 * other calls of an engine {@link #hold} waits for the end of what it does, on a thread that is
 * theirs.
 */
public interface ImageHoldingEngine {

  /** Brings the images of a cache and holds them. */
  List<HeldImage> hold(ImageCopyOrder order, Fence fence, CopyProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotFetchedException,
          InterruptedException;

  /** Lets go of what is held for a cache. What is not there is fine. */
  void release(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /** The caches for which anything is held. */
  Set<String> held(InstallationId installation) throws RuntimeUnavailableException;

  /** The images that are there, by each name and account that they were fetched for. */
  List<HostImage> images() throws RuntimeUnavailableException;
}
