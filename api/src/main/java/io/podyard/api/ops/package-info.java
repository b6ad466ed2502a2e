/** Operations tasks. */
@NullMarked
package io.podyard.api.ops;

import org.jspecify.annotations.NullMarked;
