/** Image caches: what hosts hold for groups to start from (contract section 13). */
@NullMarked
package io.podyard.controlplane.imagecache;

import org.jspecify.annotations.NullMarked;
