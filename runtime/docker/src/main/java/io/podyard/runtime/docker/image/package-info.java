/**
 * Fetches images from registries with nothing but HTTP: references, logins, manifests, layers.
 * Knows engines only as a place that takes an archive.
 */
@NullMarked
package io.podyard.runtime.docker.image;

import org.jspecify.annotations.NullMarked;
