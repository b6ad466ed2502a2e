/** The request and answer of DescribeAvailableResource. */
@NullMarked
package io.podyard.api.stock;

import org.jspecify.annotations.NullMarked;
