/** Creates a second by one server and by two on one database. */
@NullMarked
package io.podyard.bench.replicas;

import org.jspecify.annotations.NullMarked;
