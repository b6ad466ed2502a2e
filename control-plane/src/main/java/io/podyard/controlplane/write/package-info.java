/** Writing rows by the hundred: many callers' items in one transaction, a result for each. */
@NullMarked
package io.podyard.controlplane.write;

import org.jspecify.annotations.NullMarked;
