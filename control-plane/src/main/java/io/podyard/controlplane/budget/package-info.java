/** What accounts want to spend in a month, and who is told when they have. */
@NullMarked
package io.podyard.controlplane.budget;

import org.jspecify.annotations.NullMarked;
