/** What pulling an image costs a start, and what a cache saves of it. */
@NullMarked
package io.podyard.bench.pulls;

import org.jspecify.annotations.NullMarked;
