/** Who drives the hosts of a shard: leases with a fencing epoch. */
@NullMarked
package io.podyard.controlplane.lease;

import org.jspecify.annotations.NullMarked;
