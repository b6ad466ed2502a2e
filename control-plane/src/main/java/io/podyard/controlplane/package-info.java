/** The server. Packages are features; doors call features, no feature knows a door. */
@NullMarked
package io.podyard.controlplane;

import org.jspecify.annotations.NullMarked;
