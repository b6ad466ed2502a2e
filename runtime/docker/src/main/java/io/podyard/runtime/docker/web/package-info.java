/**
 * Web servers that somebody else names, asked with deadlines, bounded redirects and no way to the
 * addresses where machines keep their secrets.
 */
@NullMarked
package io.podyard.runtime.docker.web;

import org.jspecify.annotations.NullMarked;
