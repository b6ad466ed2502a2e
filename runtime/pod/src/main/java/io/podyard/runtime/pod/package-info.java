/**
 * What a kubelet does, written once over a small engine port: sandbox first, pulls, init order,
 * restarts with back-off, termination.
 */
@NullMarked
package io.podyard.runtime.pod;

import org.jspecify.annotations.NullMarked;
