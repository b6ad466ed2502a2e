/** What is done on hosts beside driving groups, task by task, by whoever drives the host. */
@NullMarked
package io.podyard.controlplane.hosttask;

import org.jspecify.annotations.NullMarked;
