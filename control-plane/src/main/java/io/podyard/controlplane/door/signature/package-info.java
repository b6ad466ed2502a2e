/** Signed requests: reading what was signed, verifying it, and refusing to take it twice. */
@NullMarked
package io.podyard.controlplane.door.signature;

import org.jspecify.annotations.NullMarked;
