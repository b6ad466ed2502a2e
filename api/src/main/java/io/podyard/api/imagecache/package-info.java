/** Requests and answers of the actions on image caches (contract section 13). */
@NullMarked
package io.podyard.api.imagecache;

import org.jspecify.annotations.NullMarked;
