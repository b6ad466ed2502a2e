/** Usage intervals as they are stored. */
@NullMarked
package io.podyard.controlplane.usage;

import org.jspecify.annotations.NullMarked;
