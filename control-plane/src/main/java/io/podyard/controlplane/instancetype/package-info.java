/** The instance types that groups can be asked for by name. */
@NullMarked
package io.podyard.controlplane.instancetype;

import org.jspecify.annotations.NullMarked;
