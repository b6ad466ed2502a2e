/** Pages for people, which call the REST door themselves. */
@NullMarked
package io.podyard.controlplane.door.page;

import org.jspecify.annotations.NullMarked;
