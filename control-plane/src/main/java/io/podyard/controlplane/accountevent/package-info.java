/** What accounts should know of, for people and programs to read. */
@NullMarked
package io.podyard.controlplane.accountevent;

import org.jspecify.annotations.NullMarked;
