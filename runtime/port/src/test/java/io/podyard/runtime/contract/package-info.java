/** The suite that every group runtime has to pass. */
@NullMarked
package io.podyard.runtime.contract;

import org.jspecify.annotations.NullMarked;
