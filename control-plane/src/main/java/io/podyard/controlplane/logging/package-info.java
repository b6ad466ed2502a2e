/** What the log says of every line: which request and which group it is about. */
@NullMarked
package io.podyard.controlplane.logging;

import org.jspecify.annotations.NullMarked;
