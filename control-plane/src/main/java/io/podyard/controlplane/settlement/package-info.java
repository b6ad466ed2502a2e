/** Charges accounts for every hour, once it has passed, in lines that are only ever added. */
@NullMarked
package io.podyard.controlplane.settlement;

import org.jspecify.annotations.NullMarked;
