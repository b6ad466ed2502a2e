/** What goes wrong in threads that must go on all the same. */
@NullMarked
package io.podyard.controlplane.mishap;

import org.jspecify.annotations.NullMarked;
