/**
 * What both doors have in common: the operations behind them, and requests and answers as HTTP has
 * them.
 */
@NullMarked
package io.podyard.controlplane.door;

import org.jspecify.annotations.NullMarked;
