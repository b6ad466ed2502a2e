/** Tags, and the requests and answers of the three tag actions (contract section 9). */
@NullMarked
package io.podyard.api.tag;

import org.jspecify.annotations.NullMarked;
