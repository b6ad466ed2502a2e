/** Placement on a published production trace. */
@NullMarked
package io.podyard.bench.trace;

import org.jspecify.annotations.NullMarked;
