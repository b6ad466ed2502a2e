/** Creates a second through the RPC door, beside the raw SQL rate of the same rows. */
@NullMarked
package io.podyard.bench.creates;

import org.jspecify.annotations.NullMarked;
