/** When groups were last known to be on their hosts, so that nobody pays for what vanished. */
@NullMarked
package io.podyard.controlplane.sighting;

import org.jspecify.annotations.NullMarked;
