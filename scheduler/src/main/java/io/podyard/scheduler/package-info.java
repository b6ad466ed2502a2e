/**
 * Placement as a pure function: hosts and a request in, a decision with its explanation out. No
 * database, no clock, no randomness: the same calls in the same order give the same answers.
 */
@NullMarked
package io.podyard.scheduler;

import org.jspecify.annotations.NullMarked;
