/** Puts the features together: configuration, start and commands. */
@NullMarked
package io.podyard.controlplane.app;

import org.jspecify.annotations.NullMarked;
