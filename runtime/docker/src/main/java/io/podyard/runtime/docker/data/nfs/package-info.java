/**
 * A client of NFS that only reads, in this process: control planes and hosts often cannot mount.
 * Versions 3 (RFC 1813) and 4.0 (RFC 7530) over TCP, with the user that servers trust by default.
 */
@NullMarked
package io.podyard.runtime.docker.data.nfs;

import org.jspecify.annotations.NullMarked;
