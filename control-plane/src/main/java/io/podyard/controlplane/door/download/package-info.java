/** Downloads by addresses that were given out. */
@NullMarked
package io.podyard.controlplane.door.download;

import org.jspecify.annotations.NullMarked;
