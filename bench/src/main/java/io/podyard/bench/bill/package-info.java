/** What it costs to add up and to download a bill. */
@NullMarked
package io.podyard.bench.bill;

import org.jspecify.annotations.NullMarked;
