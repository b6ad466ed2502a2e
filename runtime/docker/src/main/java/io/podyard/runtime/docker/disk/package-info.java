/** Disks of groups: files of this machine, attached as loop devices. */
@NullMarked
package io.podyard.runtime.docker.disk;

import org.jspecify.annotations.NullMarked;
