/** Closes of usage intervals a second, beside raw SQL of the same rows. */
@NullMarked
package io.podyard.bench.closes;

import org.jspecify.annotations.NullMarked;
