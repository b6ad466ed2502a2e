/** What container groups use: taken from their hosts, kept at falling resolution, answered. */
@NullMarked
package io.podyard.controlplane.metric;

import org.jspecify.annotations.NullMarked;
