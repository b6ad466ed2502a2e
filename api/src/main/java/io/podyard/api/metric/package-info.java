/** The requests and answers of the two actions that tell what groups use. */
@NullMarked
package io.podyard.api.metric;

import org.jspecify.annotations.NullMarked;
