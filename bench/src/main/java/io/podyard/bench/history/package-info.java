/** Whether what was metered long ago makes anything of today slower. */
@NullMarked
package io.podyard.bench.history;

import org.jspecify.annotations.NullMarked;
