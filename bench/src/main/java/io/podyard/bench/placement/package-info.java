/** How many decisions a second placement makes. */
@NullMarked
package io.podyard.bench.placement;

import org.jspecify.annotations.NullMarked;
