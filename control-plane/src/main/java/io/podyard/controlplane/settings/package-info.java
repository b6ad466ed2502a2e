/** The settings of the server. */
@NullMarked
package io.podyard.controlplane.settings;

import org.jspecify.annotations.NullMarked;
