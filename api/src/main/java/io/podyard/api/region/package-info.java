/** The request and answer of DescribeRegions. */
@NullMarked
package io.podyard.api.region;

import org.jspecify.annotations.NullMarked;
