/** Requests and answers about one container: its log and commands run in it (section 15). */
@NullMarked
package io.podyard.api.container;

import org.jspecify.annotations.NullMarked;
