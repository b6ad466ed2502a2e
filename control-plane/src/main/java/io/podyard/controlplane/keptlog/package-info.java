/** Logs of containers that were removed from their hosts, in the database. */
@NullMarked
package io.podyard.controlplane.keptlog;

import org.jspecify.annotations.NullMarked;
