/** Benchmarks, and what all of them need: a server to measure, the machine, figures and tables. */
@NullMarked
package io.podyard.bench;

import org.jspecify.annotations.NullMarked;
