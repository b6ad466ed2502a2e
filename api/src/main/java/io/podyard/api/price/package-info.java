/** The request and answer of DescribeContainerGroupPrice. */
@NullMarked
package io.podyard.api.price;

import org.jspecify.annotations.NullMarked;
