/** What a page of groups costs among many. */
@NullMarked
package io.podyard.bench.describe;

import org.jspecify.annotations.NullMarked;
