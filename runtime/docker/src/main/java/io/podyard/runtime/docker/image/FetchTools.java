package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.web.Pause;
import java.time.InstantSource;

/**
 * What all fetches of one engine share.
 *
 * @param content what was fetched, for all engines
 * @param engine a name of this one that no other has
 * @param room on the engine
 * @param enginePull whether the engine tries by itself what failed here
 * @param images held while an image is fetched, so that it is fetched once
 */
record FetchTools(
    RegistryHttp http,
    FetchLimits limits,
    ContentStore content,
    String engine,
    ImageIndex index,
    ImageStore store,
    ImageRoom room,
    boolean enginePull,
    KeyedLocks images,
    Pause pause,
    InstantSource clock) {}
