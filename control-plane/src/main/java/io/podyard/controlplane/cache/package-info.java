/** What image caches and data caches have in common: copies that hosts hold, events, tags. */
@NullMarked
package io.podyard.controlplane.cache;

import org.jspecify.annotations.NullMarked;
