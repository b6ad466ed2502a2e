/** From the start of a server to its first answer, beside what no server can do without. */
@NullMarked
package io.podyard.bench.firstanswer;

import org.jspecify.annotations.NullMarked;
