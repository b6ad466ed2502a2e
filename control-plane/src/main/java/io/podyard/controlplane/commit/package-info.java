/** Tasks that make images of running containers and push them to registries. */
@NullMarked
package io.podyard.controlplane.commit;

import org.jspecify.annotations.NullMarked;
