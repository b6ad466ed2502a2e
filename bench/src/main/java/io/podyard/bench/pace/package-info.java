/** How long creates take that come at a steady pace. */
@NullMarked
package io.podyard.bench.pace;

import org.jspecify.annotations.NullMarked;
