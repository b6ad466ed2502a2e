/** The request and answer of ListUsage. */
@NullMarked
package io.podyard.api.quota;

import org.jspecify.annotations.NullMarked;
