/** Commands that are talked with while they run, and who ran which (contract section 15). */
@NullMarked
package io.podyard.controlplane.exec;

import org.jspecify.annotations.NullMarked;
