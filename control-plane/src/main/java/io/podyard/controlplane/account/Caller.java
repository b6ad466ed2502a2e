package io.podyard.controlplane.account;

import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request whose signature is right.
 *
 * @param account the account the request acts for
 * @param operator whether the account is an operator's
 * @param key the key that signed
 * @param nonce to be burnt together with the request's effect; null for requests that only read
 */
public record Caller(
    AccountId account, boolean operator, AccessKeyId key, @Nullable NonceUse nonce) {}
