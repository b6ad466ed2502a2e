/**
 * The PostgreSQL that Podyard brings along for those who have none: unpacked once, started on a
 * folder, durable, and found again after a crash of the process that started it.
 */
@NullMarked
package io.podyard.controlplane.postgres;

import org.jspecify.annotations.NullMarked;
