/** Tags of resources, whatever kind of resource has them. */
@NullMarked
package io.podyard.controlplane.tag;

import org.jspecify.annotations.NullMarked;
