/** Requests and answers of the actions on data caches (contract section 14). */
@NullMarked
package io.podyard.api.datacache;

import org.jspecify.annotations.NullMarked;
