/**
 * The port to where containers really run. It speaks in container groups: the wanted group goes in,
 * what was seen of it comes out. No thread per group, no database, no wire format.
 */
@NullMarked
package io.podyard.runtime;

import org.jspecify.annotations.NullMarked;
