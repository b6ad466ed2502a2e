/** Disks that outlive the groups that have them. */
@NullMarked
package io.podyard.controlplane.volume;

import org.jspecify.annotations.NullMarked;
