/** From a create to Running on a Docker Engine, beside the same containers by raw calls. */
@NullMarked
package io.podyard.bench.dockerstart;

import org.jspecify.annotations.NullMarked;
