package io.podyard.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Where a container sees a volume of its group.
 *
 * @param volume name of the volume
 * @param path absolute path in the container; hides what was there
 * @param subPath relative path inside the volume, or null for all of it
 */
public record VolumeMount(String volume, String path, @Nullable String subPath, boolean readOnly) {}
