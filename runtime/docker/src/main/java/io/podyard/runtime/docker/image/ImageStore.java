package io.podyard.runtime.docker.image;

import io.podyard.runtime.Fence;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The images of one engine, as far as fetching them needs it. */
public interface ImageStore {

  /** {@code amd64} or {@code arm64}. */
  String architecture() throws RuntimeUnavailableException;

  /** Whether an image of this id is there. */
  boolean has(String imageId) throws RuntimeUnavailableException;

  /** The id of the image that the engine itself knows by exactly this name. */
  Optional<String> local(ImageReference image) throws RuntimeUnavailableException;

  /** Whether this is an image that Podyard brings along and no registry has. */
  boolean isBuiltIn(ImageReference image);

  /** Sees to it that the image brought along is there. */
  void ensureBuiltIn(Fence fence) throws RuntimeUnavailableException, StaleFenceException;

  /**
   * Loads an image.
   *
   * @param name under which it is kept
   * @return its id
   * @throws FetchFailure if the engine says that the image is no good
   */
  String load(DockerArchive image, String name, Duration timeout, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, FetchFailure;

  /**
   * Lets the engine fetch an image by itself.
   *
   * @param name under which it is kept
   * @return its id
   * @throws FetchFailure if it cannot
   */
  String pull(
      ImageReference image,
      @Nullable RegistryCredential credential,
      String name,
      Duration timeout,
      Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, FetchFailure;

  /**
   * Gives an image another name.
   *
   * @return whether the image is there
   */
  boolean tag(String imageId, String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /** Takes a name from an image, which goes with its last one unless a container uses it. */
  void untag(String name, Fence fence) throws RuntimeUnavailableException, StaleFenceException;

  /**
   * Takes a name from an image, unless it is the last one of an image that a container is made of.
   *
   * @return whether the name is gone
   */
  boolean removeUnused(String name, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * An image that is there.
   *
   * @param bytes unpacked, with layers that other images have too
   */
  record Stored(String id, Set<String> names, long bytes) {}

  List<Stored> images() throws RuntimeUnavailableException;

  /** The ids of the images that containers are made of, whether they run or not. */
  Set<String> inContainers() throws RuntimeUnavailableException;

  /** The names in use under a repository, and below it, with the ids of their images. */
  Map<String, String> named(String repository) throws RuntimeUnavailableException;
}
