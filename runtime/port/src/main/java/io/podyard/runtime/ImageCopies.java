package io.podyard.runtime;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.util.List;
import java.util.Set;

/**
 * What hosts keep for image caches. What is held is never removed for want of room; a group that
 * names it ({@link GroupSpec#cachedImages}) starts from it without asking a registry for content.
 */
public interface ImageCopies {

  /**
   * Brings the images of a cache to the host, which holds them until they are released, and waits
   * for the end. Done again it goes on where it was, also after the death of whoever did it first;
   * what is held already is told and asks no registry for content.
   *
   * @param progress called on the caller's thread
   * @return one for each image, in the order of the names
   * @throws ImageNotFetchedException if one of the images cannot be had; what is held of the others
   *     stays until it is released
   * @throws RuntimeUnavailableException if the host does not answer; do it again later
   * @throws StaleFenceException if the right to drive the host is gone
   * @throws InterruptedException if the caller is to stop
   */
  List<HeldImage> hold(ImageCopyOrder order, Fence fence, CopyProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotFetchedException,
          InterruptedException;

  /**
   * Lets go of what is held for a cache. What is not there is fine. Groups that run go on; content
   * that nobody else uses is freed by garbage collection, at once if possible.
   *
   * @throws RuntimeUnavailableException if the host does not answer
   * @throws StaleFenceException if the right to drive the host is gone
   */
  void release(InstallationId installation, HostId host, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * The caches of which the host holds anything.
   *
   * @throws RuntimeUnavailableException if the host does not answer
   */
  Set<String> held(InstallationId installation, HostId host) throws RuntimeUnavailableException;

  /**
   * The images that are on the host, held or not, by each name and account that they were fetched
   * for: a group that names the digest of one ({@link CachedImage#digest}) needs not a byte more
   * there. What was fetched last comes first, as far as that is known.
   *
   * @throws RuntimeUnavailableException if the host does not answer
   */
  List<HostImage> imagesOn(InstallationId installation, HostId host)
      throws RuntimeUnavailableException;
}
