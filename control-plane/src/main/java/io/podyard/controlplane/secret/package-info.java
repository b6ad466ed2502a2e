/**
 * Secrets at rest: the key that seals them, the box that seals and opens, and files only their
 * owner may read. Nothing here is logged, and no message carries a secret or a key.
 */
@NullMarked
package io.podyard.controlplane.secret;

import org.jspecify.annotations.NullMarked;
