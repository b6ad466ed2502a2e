/** Operations tasks of groups, and the files that they make (contract section 15). */
@NullMarked
package io.podyard.controlplane.ops;

import org.jspecify.annotations.NullMarked;
