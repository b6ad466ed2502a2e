/**
 * How record components are written on the wire: annotations that the codec, the JSON mappers and
 * the documentation read. What they say is compared with the contract by a test.
 */
@NullMarked
package io.podyard.api.wire;

import org.jspecify.annotations.NullMarked;
