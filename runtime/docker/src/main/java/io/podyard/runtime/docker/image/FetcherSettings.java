package io.podyard.runtime.docker.image;

import java.nio.file.Path;

/**
 * How images come to one engine.
 *
 * @param engine a name of it that no other has
 * @param folder for what is known of its images; of this process and this engine alone
 * @param useLocalImages whether an image counts as present that the engine has under exactly the
 *     name asked for, whoever put it there
 * @param enginePull whether the engine tries by itself what failed here
 * @param highBytes from when on images go that were not used for longest
 * @param lowBytes down to what, 0 to {@code highBytes}
 */
public record FetcherSettings(
    String engine,
    Path folder,
    FetchLimits limits,
    boolean useLocalImages,
    boolean enginePull,
    long highBytes,
    long lowBytes) {}
