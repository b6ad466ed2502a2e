/** What it costs to know which of many hosts live. */
@NullMarked
package io.podyard.bench.liveness;

import org.jspecify.annotations.NullMarked;
