package io.podyard.controlplane.door.signature;

import io.podyard.controlplane.account.ActiveKey;

/**
 * A request whose signature is right and whose time is near.
 *
 * @param nonce not yet known to be unused
 * @param parameters the reading that was signed
 */
public record SignedRequest(ActiveKey key, String nonce, Parameters parameters) {}
