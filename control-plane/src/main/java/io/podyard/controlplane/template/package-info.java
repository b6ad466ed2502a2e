/** Groups as documents, and groups of documents: three actions that only old SDKs have. */
@NullMarked
package io.podyard.controlplane.template;

import org.jspecify.annotations.NullMarked;
