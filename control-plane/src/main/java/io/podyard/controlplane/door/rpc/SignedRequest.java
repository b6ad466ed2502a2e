package io.podyard.controlplane.door.rpc;

import io.podyard.controlplane.account.ActiveKey;

/**
 * A request whose signature is right and whose time is near.
 *
 * @param nonce not yet known to be unused
 * @param parameters the reading that was signed
 */
record SignedRequest(ActiveKey key, String nonce, Parameters parameters) {}
