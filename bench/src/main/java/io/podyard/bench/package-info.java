/** Load and benchmarks. Every figure stands beside its limit, measured in the same run. */
@NullMarked
package io.podyard.bench;

import org.jspecify.annotations.NullMarked;
