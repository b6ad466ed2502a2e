/**
 * Disks that outlive the groups that have them. A row of a disk is locked after the groups of its
 * transaction and before its quotas and hosts, rows in the order of their ids.
 */
@NullMarked
package io.podyard.controlplane.volume;

import org.jspecify.annotations.NullMarked;
