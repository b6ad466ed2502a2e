/** What a server holds in memory with many live groups. */
@NullMarked
package io.podyard.bench.memory;

import org.jspecify.annotations.NullMarked;
