/** Prices in PostgreSQL. */
@NullMarked
package io.podyard.controlplane.usage.persistence;

import org.jspecify.annotations.NullMarked;
