/** The requests and answers of the three template actions, which only old SDKs have. */
@NullMarked
package io.podyard.api.template;

import org.jspecify.annotations.NullMarked;
