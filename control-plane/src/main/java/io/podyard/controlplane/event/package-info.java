/** What happened to a group, for people to read. */
@NullMarked
package io.podyard.controlplane.event;

import org.jspecify.annotations.NullMarked;
