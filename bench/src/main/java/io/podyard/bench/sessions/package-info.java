/** What a server needs for commands that are talked with and logs that are followed. */
@NullMarked
package io.podyard.bench.sessions;

import org.jspecify.annotations.NullMarked;
