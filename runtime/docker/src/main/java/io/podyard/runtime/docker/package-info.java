/** Hosts behind the Docker Engine API. */
@NullMarked
package io.podyard.runtime.docker;

import org.jspecify.annotations.NullMarked;
