/** The judge: reads the database and the hosts and reports each broken rule. */
@NullMarked
package io.podyard.controlplane.judge;

import org.jspecify.annotations.NullMarked;
