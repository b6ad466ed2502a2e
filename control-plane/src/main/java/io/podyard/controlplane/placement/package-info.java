/** Picking hosts, holding their capacity, groups that wait for it. */
@NullMarked
package io.podyard.controlplane.placement;

import org.jspecify.annotations.NullMarked;
