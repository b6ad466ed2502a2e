/** Container groups: create, describe, delete; their stored record and life. */
@NullMarked
package io.podyard.controlplane.containergroup;

import org.jspecify.annotations.NullMarked;
