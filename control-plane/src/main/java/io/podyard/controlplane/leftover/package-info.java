/** What drivers leave on hosts after their time, and how it is found. */
@NullMarked
package io.podyard.controlplane.leftover;

import org.jspecify.annotations.NullMarked;
