/** What accounts may have in a region, and what they have of it. */
@NullMarked
package io.podyard.controlplane.quota;

import org.jspecify.annotations.NullMarked;
