package io.podyard.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Where a container sees a volume of its group.
 *
 * @param volume name of the volume
 * @param path absolute path in the container; hides what was there
 * @param subPath relative path inside the volume, or null for all of it
 * @param propagation null for none
 */
public record VolumeMount(
    String volume,
    String path,
    @Nullable String subPath,
    boolean readOnly,
    @Nullable Propagation propagation) {

  /** Which mounts that are made later are seen on the other side. */
  public enum Propagation {
    /** What the host mounts below the volume while the container runs is seen in it. */
    HOST_TO_CONTAINER
  }

  /** A mount that nothing is propagated to. */
  public VolumeMount(String volume, String path, @Nullable String subPath, boolean readOnly) {
    this(volume, path, subPath, readOnly, null);
  }
}
