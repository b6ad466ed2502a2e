/** Bringing the groups of held shards to what is wanted. */
@NullMarked
package io.podyard.controlplane.driving;

import org.jspecify.annotations.NullMarked;
