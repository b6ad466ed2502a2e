/**
 * Hosts in the memory of one process: container engines with seeded latencies, programs and faults,
 * served over a local socket to every control-plane process of a machine.
 */
@NullMarked
package io.podyard.runtime.simulated;

import org.jspecify.annotations.NullMarked;
