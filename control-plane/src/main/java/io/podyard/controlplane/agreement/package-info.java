/** What accounts pay otherwise than the price book says. */
@NullMarked
package io.podyard.controlplane.agreement;

import org.jspecify.annotations.NullMarked;
