/** Client tokens and request nonces. */
@NullMarked
package io.podyard.controlplane.idempotency;

import org.jspecify.annotations.NullMarked;
