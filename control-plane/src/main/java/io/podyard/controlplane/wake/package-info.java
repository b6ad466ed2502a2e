/** What processes tell one another so that nobody has to wait for the next look at the tables. */
@NullMarked
package io.podyard.controlplane.wake;

import org.jspecify.annotations.NullMarked;
