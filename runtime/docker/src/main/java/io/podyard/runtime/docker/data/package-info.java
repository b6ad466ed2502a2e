/**
 * Reads the sources of data caches, wherever they are, into one archive that is known by its
 * digest. Knows nothing of engines.
 */
@NullMarked
package io.podyard.runtime.docker.data;

import org.jspecify.annotations.NullMarked;
