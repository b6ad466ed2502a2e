/**
 * HTTP/1.1 to an engine, below docker-java's commands: every exchange has a deadline that also
 * bites on Unix sockets, nothing is ever sent a second time by itself, and the right to change
 * something is asked for right before the request is written.
 */
@NullMarked
package io.podyard.runtime.docker.http;

import org.jspecify.annotations.NullMarked;
