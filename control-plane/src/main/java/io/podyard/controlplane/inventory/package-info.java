/** Regions, zones, vSwitches, pools and hosts. */
@NullMarked
package io.podyard.controlplane.inventory;

import org.jspecify.annotations.NullMarked;
