/** Requests and answers of the container group actions (contract sections 2, 5 to 8, 10, 11). */
@NullMarked
package io.podyard.api.containergroup;

import org.jspecify.annotations.NullMarked;
