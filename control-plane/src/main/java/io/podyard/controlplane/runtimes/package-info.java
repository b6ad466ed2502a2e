/** Which runtime serves which pool. */
@NullMarked
package io.podyard.controlplane.runtimes;

import org.jspecify.annotations.NullMarked;
