/** Requests and answers of the actions that make images of containers (contract section 15). */
@NullMarked
package io.podyard.api.commit;

import org.jspecify.annotations.NullMarked;
