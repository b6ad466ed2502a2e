/** What a user does with one container of a group: read its log, run a command in it. */
@NullMarked
package io.podyard.controlplane.container;

import org.jspecify.annotations.NullMarked;
