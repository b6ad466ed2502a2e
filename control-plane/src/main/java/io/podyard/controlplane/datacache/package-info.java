/** Data caches (contract section 14): data that hosts hold so that groups mount it. */
@NullMarked
package io.podyard.controlplane.datacache;

import org.jspecify.annotations.NullMarked;
