/**
 * The RPC door: ECI's wire protocol at the path {@code /} (contract sections 1 to 4). It reads,
 * authenticates and dispatches requests and writes answers; what an action does is a feature's
 * business, reached through an {@link io.podyard.controlplane.door.Operation}.
 */
@NullMarked
package io.podyard.controlplane.door.rpc;

import org.jspecify.annotations.NullMarked;
