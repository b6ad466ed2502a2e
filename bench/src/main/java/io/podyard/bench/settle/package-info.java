/** One large hour of one account settled by a server, beside raw SQL of the same rows. */
@NullMarked
package io.podyard.bench.settle;

import org.jspecify.annotations.NullMarked;
