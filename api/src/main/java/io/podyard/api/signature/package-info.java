/**
 * Request signatures, version 1 and version 3 (contract section 3). Nothing here knows a clock, a
 * nonce store or an account: callers decide who may sign and how old a request may be.
 */
@NullMarked
package io.podyard.api.signature;

import org.jspecify.annotations.NullMarked;
