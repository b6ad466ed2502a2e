/** {@code podyard quickstart}: the main job on this machine, through the public HTTP API alone. */
@NullMarked
package io.podyard.controlplane.quickstart;

import org.jspecify.annotations.NullMarked;
