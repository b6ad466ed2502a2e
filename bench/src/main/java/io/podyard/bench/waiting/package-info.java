/** How soon groups that wait get the capacity that appears. */
@NullMarked
package io.podyard.bench.waiting;

import org.jspecify.annotations.NullMarked;
